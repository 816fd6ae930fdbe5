-- A draft may wait for its activity, where the words come from another mission.
IF NEW.core_activity_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM commitments_revision revision
    JOIN missions_coreactivity activity ON activity.version_id = revision.mission_version_id
    JOIN missions_missionversion version ON version.id = activity.version_id
    WHERE revision.id = NEW.revision_id AND activity.id = NEW.core_activity_id
        AND version.state = 'published'
) THEN
    RAISE EXCEPTION 'a commitment is tied to an activity of the revision''s own mission'
        USING ERRCODE = 'check_violation';
END IF;
