IF NOT EXISTS (
    SELECT 1 FROM commitments_revision revision
    JOIN commitments_agreement agreement ON agreement.id = revision.agreement_id
    WHERE revision.id = NEW.revision_id
        AND NEW.author_id IN (agreement.leader_id, agreement.employee_id)
) THEN
    RAISE EXCEPTION 'only the two whose agreement it is say something about it'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
