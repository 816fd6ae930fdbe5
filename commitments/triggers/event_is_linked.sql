-- The lock is the chain's: two events at once stand one after the other.
SELECT evidence_number, evidence_sha256 INTO head
    FROM commitments_agreement WHERE id = NEW.agreement_id FOR NO KEY UPDATE;
NEW.number := head.evidence_number + 1;
NEW.previous_sha256 := head.evidence_sha256;
NEW.sha256 := encode(sha256(convert_to(concat_ws('|',
    'lederportalen.evidence.1', NEW.agreement_id, NEW.number, NEW.kind, NEW.subject,
    coalesce(NEW.actor_id, 0),
    to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    NEW.content_sha256, NEW.previous_sha256
), 'UTF8')), 'hex');
RETURN NEW;
