IF NOT EXISTS (
    SELECT 1 FROM commitments_evidenceevent event
    JOIN commitments_evidenceevent erased
        ON erased.agreement_id = event.agreement_id AND erased.kind = 'erased'
    WHERE event.id = OLD.event_id
) THEN
    RAISE EXCEPTION 'a salt goes when its agreement is erased, and not before'
        USING ERRCODE = 'check_violation';
END IF;
RETURN OLD;
