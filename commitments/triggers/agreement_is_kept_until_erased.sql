IF NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL AND (
    NEW.erases_on IS NULL OR NEW.erases_on < (NEW.ended_at AT TIME ZONE 'UTC')::date + 365
) THEN
    RAISE EXCEPTION 'what is ended is kept for a year at least'
        USING ERRCODE = 'check_violation';
END IF;
IF OLD.erases_on IS NOT NULL AND OLD.erases_on IS DISTINCT FROM NEW.erases_on THEN
    RAISE EXCEPTION 'the day of erasure stands from when it is ended'
        USING ERRCODE = 'check_violation';
END IF;
IF OLD.erased_at IS NOT NULL AND OLD.erased_at IS DISTINCT FROM NEW.erased_at
    OR OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM commitments_evidenceevent erased
        WHERE erased.agreement_id = NEW.id AND erased.kind = 'erased'
    )
THEN
    RAISE EXCEPTION 'an agreement is erased by its event, and once'
        USING ERRCODE = 'check_violation';
END IF;
