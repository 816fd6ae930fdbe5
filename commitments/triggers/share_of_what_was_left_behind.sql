IF NOT EXISTS (
    SELECT 1 FROM commitments_agreement agreement
    WHERE agreement.id = NEW.agreement_id
        AND agreement.leader_access_ended_at IS NOT NULL
        AND agreement.ended_at IS NULL
        AND NEW.with_user_id <> agreement.employee_id
        AND EXISTS (
            SELECT 1 FROM commitments_revision revision
            WHERE revision.agreement_id = agreement.id AND revision.state = 'signed'
        )
) THEN
    RAISE EXCEPTION 'only what was signed and left behind is shared'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
