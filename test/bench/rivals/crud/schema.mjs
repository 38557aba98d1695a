// One table with an index, and a counter for each picture that every post and deletion keeps: count(*) would scan a
// thread of 33,000 comments for each page of it.

export const tables = `
  CREATE TABLE IF NOT EXISTS comments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    picture_id text COLLATE "C" NOT NULL,
    author_id text COLLATE "C" NOT NULL,
    text text,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    edited_at timestamptz(3),
    deleted_at timestamptz(3)
  );
  CREATE INDEX IF NOT EXISTS comments_of_picture ON comments (picture_id, created_at, id) WHERE deleted_at IS NULL;
  CREATE TABLE IF NOT EXISTS picture_counts (picture_id text COLLATE "C" PRIMARY KEY, count integer NOT NULL)`

const comment = `id, picture_id AS "pictureId", author_id AS "authorId", text, version,
  to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt",
  to_char(edited_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "editedAt"`

const page = (order, beyond) => ({
  first: {
    name: `page-${order}`,
    text: `SELECT ${comment}, (SELECT count FROM picture_counts WHERE picture_id = $1) AS count
           FROM comments WHERE picture_id = $1 AND deleted_at IS NULL
           ORDER BY comments.created_at ${order}, comments.id ${order} LIMIT $2`
  },
  next: {
    name: `page-${order}-after`,
    text: `SELECT ${comment}, (SELECT count FROM picture_counts WHERE picture_id = $1) AS count
           FROM comments WHERE picture_id = $1 AND deleted_at IS NULL AND (created_at, id) ${beyond} ($3, $4)
           ORDER BY comments.created_at ${order}, comments.id ${order} LIMIT $2`
  }
})

// Each is prepared once on each connection, by its name; each is one round trip, and a transaction by itself.
export const statements = {
  newest: page("DESC", "<"),
  oldest: page("ASC", ">"),
  count: { name: "count", text: "SELECT count FROM picture_counts WHERE picture_id = $1" },
  find: { name: "find", text: `SELECT ${comment}, deleted_at IS NOT NULL AS deleted FROM comments WHERE id = $1` },
  insert: {
    name: "insert",
    text: `WITH counted AS (
             INSERT INTO picture_counts (picture_id, count) VALUES ($1, 1)
             ON CONFLICT (picture_id) DO UPDATE SET count = picture_counts.count + 1
           )
           INSERT INTO comments (picture_id, author_id, text) VALUES ($1, $2, $3) RETURNING ${comment}`
  },
  // The version is compared where If-Match asks for it. No row: why not is asked for then.
  update: {
    name: "update",
    text: `UPDATE comments SET text = $3, version = version + 1, edited_at = now()
           WHERE id = $1 AND author_id = $2 AND deleted_at IS NULL AND ($4::integer[] IS NULL OR version = ANY ($4))
           RETURNING ${comment}`
  },
  remove: {
    name: "remove",
    text: `WITH removed AS (
             UPDATE comments SET text = NULL, version = version + 1, deleted_at = now()
             WHERE id = $1 AND (author_id = $2 OR $3) AND deleted_at IS NULL
                   AND ($4::integer[] IS NULL OR version = ANY ($4))
             RETURNING picture_id
           )
           UPDATE picture_counts SET count = count - 1 FROM removed
           WHERE picture_counts.picture_id = removed.picture_id RETURNING picture_counts.picture_id`
  }
}
