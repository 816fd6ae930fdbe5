-- The agreement's row is the lock, so that two who say it at once stand one after the other.
PERFORM 1 FROM commitments_agreement WHERE id = OLD.agreement_id FOR NO KEY UPDATE;
IF (OLD.agreement_id, OLD.party, OLD.author_id, OLD.occasion, OLD.created_at)
    IS DISTINCT FROM (NEW.agreement_id, NEW.party, NEW.author_id, NEW.occasion, NEW.created_at)
THEN
    RAISE EXCEPTION 'only that somebody is ready changes' USING ERRCODE = 'check_violation';
END IF;
IF OLD.ready_at IS NOT NULL AND :revealed THEN
    RAISE EXCEPTION 'what both have read is not taken back' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
