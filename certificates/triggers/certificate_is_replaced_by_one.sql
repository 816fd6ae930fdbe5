IF EXISTS (SELECT FROM certificates_certificate WHERE id = NEW.id)
   AND NOT EXISTS (SELECT FROM certificates_certificate WHERE replaces_id = NEW.id) THEN
    RAISE EXCEPTION 'nothing replaces certificate %', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_is_replaced_by_one';
END IF;
RETURN NULL;
