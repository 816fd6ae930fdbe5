IF NOT EXISTS (
    SELECT 1 FROM commitments_revision WHERE id = NEW.revision_id AND state = 'signed'
) THEN
    RAISE EXCEPTION 'only a signed revision has a document' USING ERRCODE = 'check_violation';
END IF;
IF NEW.sha256 <> encode(sha256(NEW.pdf), 'hex') THEN
    RAISE EXCEPTION 'the hash is not the document''s' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
