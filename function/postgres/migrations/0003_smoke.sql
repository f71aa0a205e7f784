-- Removes the rows of a smoke test's file, with all its versions. The application has no leave to delete rows,
-- but may call this, which runs as the owner of the table: so nothing else than a finished smoke test can go.
-- `forgotten` is the number of rows removed, 0 if there was none; `refused` says why none was, else it is null.
CREATE FUNCTION forget_smoke(in_bucket TEXT, in_key TEXT, OUT forgotten INTEGER, OUT refused TEXT)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp -- whoever calls has no say in what the names below mean
AS $$
BEGIN
    forgotten := 0;
    -- the keys that `pipeline smoke` makes, under whatever prefix the bucket's notification asks for
    IF in_key !~ '^(.*/)?smoke/[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{2}-[0-9]{2}-[0-9]{2}_[0-9a-f]{8}\.[A-Za-z0-9_.-]{1,40}$'
    THEN
        refused := 'it is not the key of a smoke test';
        RETURN;
    END IF;
    PERFORM FROM public.file_metadata
      WHERE bucket = in_bucket AND filename = in_key
        FOR UPDATE; -- so that none is reopened between the look and the removal
    PERFORM FROM public.file_metadata
      WHERE bucket = in_bucket AND filename = in_key AND finished_at IS NULL;
    IF FOUND THEN
        refused := 'it is not finished: the function may still be at it';
        RETURN;
    END IF;
    DELETE FROM public.file_metadata
     WHERE bucket = in_bucket AND filename = in_key AND finished_at IS NOT NULL;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
END
$$;

-- By default everybody may call a function; the application's role is granted it beside its other rights.
REVOKE ALL ON FUNCTION forget_smoke(TEXT, TEXT) FROM PUBLIC;
