IF NOT EXISTS (
    SELECT 1 FROM commitments_agreement agreement
    WHERE agreement.id = NEW.agreement_id
        AND NEW.author_id IN (agreement.leader_id, agreement.employee_id)
) THEN
    RAISE EXCEPTION 'only the two whose agreement it is write on it'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
