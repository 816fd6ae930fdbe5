IF OLD.ended_at IS NOT NULL
    AND (OLD.ended_at, OLD.ended_by_id, OLD.ended_as)
        IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id, NEW.ended_as)
THEN
    RAISE EXCEPTION 'an ended agreement stays ended' USING ERRCODE = 'check_violation';
END IF;
IF NEW.ended_as = 'lapsed' AND OLD.ended_at IS NULL AND (
    EXISTS (
        SELECT 1 FROM commitments_revision
        WHERE agreement_id = NEW.id AND state = 'signed'
    ) OR NOT EXISTS (
        SELECT 1 FROM commitments_evidenceevent
        WHERE agreement_id = NEW.id AND kind = 'lapsed'
    )
) THEN
    RAISE EXCEPTION 'only what was never signed ends by lapsing'
        USING ERRCODE = 'check_violation';
END IF;
IF OLD.leader_access_ended_at IS NOT NULL
    AND OLD.leader_access_ended_at IS DISTINCT FROM NEW.leader_access_ended_at
THEN
    RAISE EXCEPTION 'a leader who has lost sight of an agreement does not get it back'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
