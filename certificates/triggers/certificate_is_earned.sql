SELECT registration.outcome INTO came
  FROM seminars_registration AS registration
 WHERE registration.id = NEW.registration_id
   AND registration.user_id = NEW.user_id
   AND registration.seminar_id = NEW.seminar_id
   FOR SHARE;
IF came IS NULL THEN
    RAISE EXCEPTION 'the certificate is not of its registration''s person and seminar'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_is_earned';
END IF;
IF NOT (NEW.rule = 'whole' AND came IN :whole OR NEW.rule = 'came' AND came IN :came_at_all) THEN
    RAISE EXCEPTION 'the person did not come to what the certificate is for'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_is_earned';
END IF;
IF NEW.replaced_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL THEN
    RAISE EXCEPTION 'a certificate begins as valid'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_is_earned';
END IF;
IF NEW.replaces_id IS NOT NULL THEN
    SELECT * INTO older FROM certificates_certificate WHERE id = NEW.replaces_id;
    IF older.user_id IS DISTINCT FROM NEW.user_id
       OR older.seminar_id IS DISTINCT FROM NEW.seminar_id
       OR older.replaced_at IS NULL THEN
        RAISE EXCEPTION 'a certificate replaces one of the same person and seminar'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_is_earned';
    END IF;
END IF;
RETURN NEW;
