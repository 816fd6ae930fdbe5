IF NEW.ready_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM commitments_agreement agreement
    WHERE agreement.id = NEW.agreement_id
        AND NEW.author_id = CASE NEW.party
            WHEN 'leader' THEN agreement.leader_id
            WHEN 'employee' THEN agreement.employee_id
        END
) THEN
    RAISE EXCEPTION 'each of the two prepares for themselves, and begins unready'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
