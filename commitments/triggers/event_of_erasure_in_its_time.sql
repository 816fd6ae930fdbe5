IF EXISTS (
    SELECT 1 FROM commitments_evidenceevent erased
    WHERE erased.agreement_id = NEW.agreement_id AND erased.kind = 'erased'
) THEN
    RAISE EXCEPTION 'nothing happens to what is erased' USING ERRCODE = 'check_violation';
END IF;
IF NEW.kind = 'erased' AND (NEW.actor_id IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM commitments_agreement agreement
    WHERE agreement.id = NEW.agreement_id AND agreement.ended_at IS NOT NULL
        AND agreement.erases_on <= (now() AT TIME ZONE 'Europe/Oslo')::date
)) THEN
    RAISE EXCEPTION 'an agreement is erased when its retention has ended, and by nobody'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
