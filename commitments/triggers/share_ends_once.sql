IF OLD.ended_at IS NOT NULL
    OR (OLD.agreement_id, OLD.with_user_id, OLD.shared_at)
        IS DISTINCT FROM (NEW.agreement_id, NEW.with_user_id, NEW.shared_at)
THEN
    RAISE EXCEPTION 'a share ends once, and nothing else of it changes'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
