UPDATE certificates_badgestatus
   SET ended_at = COALESCE(NEW.withdrawn_at, NEW.replaced_at)
 WHERE certificate_id = NEW.id AND ended_at IS NULL;
RETURN NULL;
