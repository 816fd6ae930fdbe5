IF EXISTS (
    SELECT 1 FROM commitments_agreement WHERE id = NEW.agreement_id
        AND (ended_at IS NOT NULL OR leader_access_ended_at IS NOT NULL)
) THEN
    RAISE EXCEPTION 'an agreement that is over gets no more revisions'
        USING ERRCODE = 'check_violation';
END IF;
IF NEW.state <> 'draft' THEN
    RAISE EXCEPTION 'a revision begins as a draft' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
