IF NOT EXISTS (
    SELECT 1 FROM commitments_followup talk
    JOIN commitments_agreement agreement ON agreement.id = talk.agreement_id
    WHERE talk.id = NEW.follow_up_id AND (
        NEW.author_id = agreement.employee_id
        OR NEW.author_id = agreement.leader_id AND agreement.leader_access_ended_at IS NULL
    )
) THEN
    RAISE EXCEPTION 'only a party writes notes for themselves'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
