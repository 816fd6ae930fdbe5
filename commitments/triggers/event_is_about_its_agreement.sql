IF NOT (CASE
    WHEN NEW.kind IN :agreement THEN NEW.subject = NEW.agreement_id
    WHEN NEW.kind IN :revision THEN EXISTS (
        SELECT 1 FROM commitments_revision
        WHERE id = NEW.subject AND agreement_id = NEW.agreement_id
    )
    WHEN NEW.kind IN :signature THEN EXISTS (
        SELECT 1 FROM commitments_signature signature
        JOIN commitments_revision revision ON revision.id = signature.revision_id
        WHERE signature.id = NEW.subject AND revision.agreement_id = NEW.agreement_id
    )
    WHEN NEW.kind IN :document THEN EXISTS (
        SELECT 1 FROM commitments_document document
        JOIN commitments_revision revision ON revision.id = document.revision_id
        WHERE document.id = NEW.subject AND revision.agreement_id = NEW.agreement_id
    )
    WHEN NEW.kind IN :preparation THEN EXISTS (
        SELECT 1 FROM commitments_preparation
        WHERE id = NEW.subject AND agreement_id = NEW.agreement_id
    )
    WHEN NEW.kind IN :followup THEN EXISTS (
        SELECT 1 FROM commitments_followup
        WHERE id = NEW.subject AND agreement_id = NEW.agreement_id
    )
    WHEN NEW.kind IN :share THEN EXISTS (
        SELECT 1 FROM commitments_share
        WHERE id = NEW.subject AND agreement_id = NEW.agreement_id
    )
    ELSE false
END) THEN
    RAISE EXCEPTION 'an event is about a row of its own agreement'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
