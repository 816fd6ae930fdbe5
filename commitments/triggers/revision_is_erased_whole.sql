IF OLD.erased_at IS NOT NULL THEN
    RAISE EXCEPTION 'an erased revision never changes' USING ERRCODE = 'check_violation';
END IF;
IF NEW.erased_at IS NOT NULL THEN
    IF (
        OLD.agreement_id, OLD.number, OLD.state, OLD.turn, OLD.mission_version_id,
        OLD.version, OLD.proposed_by_id, OLD.proposed_at, OLD.agreed_by_id, OLD.agreed_at,
        OLD.signed_at, OLD.schema_version, OLD.sha256
    ) IS DISTINCT FROM (
        NEW.agreement_id, NEW.number, NEW.state, NEW.turn, NEW.mission_version_id,
        NEW.version, NEW.proposed_by_id, NEW.proposed_at, NEW.agreed_by_id, NEW.agreed_at,
        NEW.signed_at, NEW.schema_version, NEW.sha256
    ) OR concat(
        NEW.snapshot, NEW.reason, NEW.goals, NEW.put_off, NEW.upward, NEW.renegotiate_when,
        NEW.disagreement, NEW.follow_up_on
    ) <> '' OR NOT EXISTS (
        SELECT 1 FROM commitments_evidenceevent erased
        WHERE erased.agreement_id = NEW.agreement_id AND erased.kind = 'erased'
    ) THEN
        RAISE EXCEPTION 'a revision is erased whole, by its agreement''s event'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END IF;
