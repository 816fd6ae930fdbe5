IF NOT EXISTS (
    SELECT 1 FROM commitments_followup talk
    JOIN commitments_commitment commitment ON commitment.revision_id = talk.revision_id
    WHERE talk.id = NEW.follow_up_id AND commitment.id = NEW.commitment_id
) THEN
    RAISE EXCEPTION 'a word is said of a commitment that the conversation is about'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
