-- FOR SHARE waits for an edit under way: what is signed is what both see.
PERFORM 1 FROM commitments_revision WHERE id = NEW.revision_id FOR SHARE;
-- And for one who ends the substitution at this moment.
PERFORM 1 FROM people_substitution WHERE id = NEW.substitution_id FOR SHARE;
IF NOT EXISTS (
    SELECT 1 FROM commitments_revision revision
    JOIN commitments_agreement agreement ON agreement.id = revision.agreement_id
    WHERE revision.id = NEW.revision_id
        AND revision.state = 'agreed'
        AND revision.sha256 = NEW.sha256
        AND agreement.ended_at IS NULL
        AND agreement.leader_access_ended_at IS NULL
        AND coalesce(NEW.on_behalf_of_id, NEW.signer_id) = CASE NEW.party
            WHEN 'leader' THEN agreement.leader_id
            WHEN 'employee' THEN agreement.employee_id
        END
        AND (NEW.on_behalf_of_id IS NULL OR NEW.signer_id <> agreement.employee_id)
) THEN
    RAISE EXCEPTION 'only a party signs, and only what is agreed'
        USING ERRCODE = 'check_violation';
END IF;
IF NEW.on_behalf_of_id IS NOT NULL AND NOT EXISTS (
    WITH RECURSIVE above(id, parent_id) AS (
        SELECT unit.id, unit.parent_id FROM people_unit unit
        JOIN commitments_agreement agreement ON agreement.unit_id = unit.id
        JOIN commitments_revision revision ON revision.agreement_id = agreement.id
        WHERE revision.id = NEW.revision_id
      UNION
        SELECT unit.id, unit.parent_id
        FROM people_unit unit JOIN above ON unit.id = above.parent_id
    )
    SELECT 1 FROM people_substitution substitution
    WHERE substitution.id = NEW.substitution_id
        AND substitution.leader_id = NEW.on_behalf_of_id
        AND substitution.substitute_id = NEW.signer_id
        AND substitution.ended_at IS NULL
        AND (NEW.signed_at AT TIME ZONE 'Europe/Oslo')::date
            BETWEEN substitution.valid_from AND substitution.valid_to
        AND substitution.unit_id IN (SELECT id FROM above)
) THEN
    RAISE EXCEPTION 'only a substitute signs for a leader, and only in that time and place'
        USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (
    SELECT 1 FROM commitments_signature
    WHERE revision_id = NEW.revision_id AND medium <> NEW.medium
) THEN
    RAISE EXCEPTION 'both sign in the portal, or both on paper'
        USING ERRCODE = 'check_violation';
END IF;
IF NEW.medium = 'paper' AND NOT EXISTS (
    SELECT 1 FROM commitments_revision revision
    WHERE revision.id = NEW.revision_id AND NEW.paper_signed_on
        BETWEEN (revision.agreed_at AT TIME ZONE 'Europe/Oslo')::date
        AND (NEW.signed_at AT TIME ZONE 'Europe/Oslo')::date
) THEN
    RAISE EXCEPTION 'a paper is signed after it is agreed to, and before that is told'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
