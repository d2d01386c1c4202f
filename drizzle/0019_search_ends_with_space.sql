-- As before, but for a text that ends with a space: its last word is whole, and the text is not one of no words.
CREATE OR REPLACE FUNCTION "search_words"(p_text text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  last text := coalesce(substring(p_text FROM '\S+$'), '');
  words tsquery := plainto_tsquery('pg_catalog.simple', p_text);
BEGIN
  IF char_length(last) < 3 THEN
    RETURN words;
  END IF;
  RETURN plainto_tsquery('pg_catalog.simple', left(p_text, -char_length(last)))
    && regexp_replace(
      plainto_tsquery('pg_catalog.simple', last)::text, '''(?= |$)', ''':*', 'g'
    )::tsquery;
EXCEPTION WHEN syntax_error THEN
  -- A quote within a word.
  RETURN words;
END $$;
