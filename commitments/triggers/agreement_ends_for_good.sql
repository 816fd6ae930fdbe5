IF OLD.ended_at IS NOT NULL
    AND (OLD.ended_at, OLD.ended_by_id) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id)
THEN
    RAISE EXCEPTION 'an ended agreement stays ended' USING ERRCODE = 'check_violation';
END IF;
IF OLD.leader_access_ended_at IS NOT NULL
    AND OLD.leader_access_ended_at IS DISTINCT FROM NEW.leader_access_ended_at
THEN
    RAISE EXCEPTION 'a leader who has lost sight of an agreement does not get it back'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
