IF (NEW.evidence_number, NEW.evidence_sha256)
    IS DISTINCT FROM (OLD.evidence_number, OLD.evidence_sha256)
    AND NOT (
        NEW.evidence_number = OLD.evidence_number + 1
        AND EXISTS (
            SELECT 1 FROM commitments_evidenceevent event
            WHERE event.agreement_id = NEW.id
                AND event.number = NEW.evidence_number
                AND event.sha256 = NEW.evidence_sha256
        )
    )
THEN
    RAISE EXCEPTION 'the head of the evidence moves one event at a time'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
