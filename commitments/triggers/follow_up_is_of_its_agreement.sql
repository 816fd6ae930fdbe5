IF NOT EXISTS (
    SELECT 1 FROM commitments_revision revision
    WHERE revision.id = NEW.revision_id AND revision.agreement_id = NEW.agreement_id
        AND revision.state = 'signed'
) THEN
    RAISE EXCEPTION 'a conversation is about a signed revision of its own agreement'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
