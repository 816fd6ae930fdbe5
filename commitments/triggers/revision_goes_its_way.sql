IF OLD.state IN :for_good THEN
    RAISE EXCEPTION 'a % revision never changes', OLD.state USING ERRCODE = 'check_violation';
END IF;
IF (OLD.state, NEW.state) NOT IN (
    :ways
) THEN
    RAISE EXCEPTION 'a revision does not go from % to %', OLD.state, NEW.state
        USING ERRCODE = 'check_violation';
END IF;
-- Waiting on, after a pause: only the day of lapse moves.
IF OLD.state = NEW.state AND OLD.state <> 'draft' AND (
    OLD.turn, OLD.agreed_by_id, OLD.agreed_at, OLD.edited_by_id, OLD.edited_at, OLD.created_at
) IS DISTINCT FROM (
    NEW.turn, NEW.agreed_by_id, NEW.agreed_at, NEW.edited_by_id, NEW.edited_at, NEW.created_at
) THEN
    RAISE EXCEPTION 'of what waits only the day of lapse moves' USING ERRCODE = 'check_violation';
END IF;
IF NEW.state = 'lapsed' AND NOT EXISTS (
    SELECT 1 FROM commitments_agreement agreement
    WHERE agreement.id = NEW.agreement_id AND agreement.paused_at IS NULL
        AND agreement.leader_access_ended_at IS NULL
        AND OLD.lapses_on <= (now() AT TIME ZONE 'Europe/Oslo')::date
) THEN
    RAISE EXCEPTION 'a revision lapses on the day that was told, and not in a pause'
        USING ERRCODE = 'check_violation';
END IF;
IF (OLD.agreement_id, OLD.number) IS DISTINCT FROM (NEW.agreement_id, NEW.number)
    OR OLD.state <> 'draft' AND (
        OLD.mission_version_id, OLD.reason, OLD.follow_up_on, OLD.version,
        OLD.proposed_by_id, OLD.proposed_at, OLD.schema_version, OLD.snapshot, OLD.sha256,
        OLD.goals, OLD.put_off, OLD.upward, OLD.renegotiate_when, OLD.disagreement
    ) IS DISTINCT FROM (
        NEW.mission_version_id, NEW.reason, NEW.follow_up_on, NEW.version,
        NEW.proposed_by_id, NEW.proposed_at, NEW.schema_version, NEW.snapshot, NEW.sha256,
        NEW.goals, NEW.put_off, NEW.upward, NEW.renegotiate_when, NEW.disagreement
    )
THEN
    RAISE EXCEPTION 'what is proposed never changes' USING ERRCODE = 'check_violation';
END IF;
IF NEW.state = 'proposed'
    AND NEW.sha256 <> encode(sha256(convert_to(NEW.snapshot, 'UTF8')), 'hex')
THEN
    RAISE EXCEPTION 'the hash is not the snapshot''s' USING ERRCODE = 'check_violation';
END IF;
IF OLD.state = 'draft' AND NEW.state = 'proposed' AND EXISTS (
    SELECT 1 FROM commitments_commitment commitment
    LEFT JOIN missions_coreactivity activity ON activity.id = commitment.core_activity_id
    WHERE commitment.revision_id = NEW.id
        AND activity.version_id IS DISTINCT FROM NEW.mission_version_id
) THEN
    RAISE EXCEPTION 'what is proposed hangs on the mission, every commitment of it'
        USING ERRCODE = 'check_violation';
END IF;
IF NEW.state IN ('agreed', 'signed') AND (
    SELECT count(DISTINCT owner) FROM commitments_commitment
    WHERE revision_id = NEW.id AND owner IN :parties
) <> :number_of_parties THEN
    RAISE EXCEPTION 'both the leader and the employee commit to something'
        USING ERRCODE = 'check_violation';
END IF;
IF NEW.state = 'signed' AND (
    SELECT count(*) FROM commitments_signature
    WHERE revision_id = NEW.id AND sha256 = NEW.sha256
) <> :number_of_parties THEN
    RAISE EXCEPTION 'a revision is signed by both or not at all'
        USING ERRCODE = 'check_violation';
END IF;
-- Two who signed at once did not see each other's medium; here both are there.
IF NEW.state = 'signed' AND (
    SELECT count(DISTINCT medium) FROM commitments_signature WHERE revision_id = NEW.id
) <> 1 THEN
    RAISE EXCEPTION 'both sign in the portal, or both on paper'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
