CREATE FUNCTION people_keep_import_change() RETURNS trigger
LANGUAGE plpgsql AS $function$
DECLARE
    before_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - :generated END;
    after_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - :generated END;
    row_id bigint := coalesce(before_row, after_row) -> 'id';
    columns text[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(key) INTO columns FROM jsonb_each(before_row)
            WHERE value IS DISTINCT FROM after_row -> key;
        IF columns IS NULL THEN
            RETURN NULL;
        END IF;
        SELECT jsonb_object_agg(key, before_row -> key), jsonb_object_agg(key, after_row -> key)
            INTO before_row, after_row FROM unnest(columns) key;
    END IF;
    INSERT INTO people_staffimportchange (run_id, table_name, row_id, before, after) VALUES (
        current_setting('portal.import_run')::bigint, TG_TABLE_NAME, row_id, before_row, after_row
    );
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION people_keep_import_change IS
    'Keeps a row that a run of the staff import writes, as it was and as it becomes';

CREATE TRIGGER keep_import_change AFTER INSERT OR UPDATE OR DELETE ON people_unit
FOR EACH ROW WHEN (current_setting('portal.import_run', true) <> '')
EXECUTE FUNCTION people_keep_import_change();

CREATE TRIGGER keep_import_change AFTER INSERT OR UPDATE OR DELETE ON people_unit_successors
FOR EACH ROW WHEN (current_setting('portal.import_run', true) <> '')
EXECUTE FUNCTION people_keep_import_change();

CREATE TRIGGER keep_import_change AFTER INSERT OR UPDATE OR DELETE ON people_user
FOR EACH ROW WHEN (current_setting('portal.import_run', true) <> '')
EXECUTE FUNCTION people_keep_import_change();

CREATE TRIGGER keep_import_change AFTER INSERT OR UPDATE OR DELETE ON people_position
FOR EACH ROW WHEN (current_setting('portal.import_run', true) <> '')
EXECUTE FUNCTION people_keep_import_change();

CREATE TRIGGER keep_import_change AFTER INSERT OR UPDATE OR DELETE ON people_leadership
FOR EACH ROW WHEN (current_setting('portal.import_run', true) <> '')
EXECUTE FUNCTION people_keep_import_change();

CREATE TRIGGER keep_import_change AFTER INSERT OR UPDATE OR DELETE ON people_rolegrant
FOR EACH ROW WHEN (current_setting('portal.import_run', true) <> '')
EXECUTE FUNCTION people_keep_import_change();

CREATE TRIGGER keep_import_change AFTER INSERT OR UPDATE OR DELETE ON people_formername
FOR EACH ROW WHEN (current_setting('portal.import_run', true) <> '')
EXECUTE FUNCTION people_keep_import_change();

CREATE TRIGGER keep_import_change AFTER INSERT OR UPDATE OR DELETE ON account_emailaddress
FOR EACH ROW WHEN (current_setting('portal.import_run', true) <> '')
EXECUTE FUNCTION people_keep_import_change();

CREATE TRIGGER keep_import_change AFTER INSERT OR UPDATE OR DELETE ON people_formeragency
FOR EACH ROW WHEN (current_setting('portal.import_run', true) <> '')
EXECUTE FUNCTION people_keep_import_change();
