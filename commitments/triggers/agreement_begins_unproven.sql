IF (NEW.evidence_number, NEW.evidence_sha256) <> (0, '') THEN
    RAISE EXCEPTION 'an agreement begins without evidence' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
