IF NEW.carried_from_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM commitments_agreement before
    WHERE before.id = NEW.carried_from_id AND before.employee_id = NEW.employee_id
        AND before.leader_access_ended_at IS NOT NULL
) THEN
    RAISE EXCEPTION 'an agreement is carried forward from one of the same employee''s'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
