//! Points of curves, many at once.

use futures::FutureExt as _;
use rapport_domain::{RunId, Timestamp};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, FromQueryResult as _};

use super::{chunk, write};
use crate::entities::{run_chunk, run_metric};
use crate::sql::{self, Sql};
use crate::{Store, StoreError, bulk, codec, record};

/// A point of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// How far: batches, epochs, trees, rows.
    pub step: u64,
    /// The value there; it may be no number, where a training went astray.
    pub value: f64,
}

/// Points of one curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Name of the curve.
    pub metric: String,
    /// Its points, in any order; of two with one step the later counts.
    pub points: Vec<Point>,
}

/// Adds points to the curves of a run, all of them or none.
///
/// Steps go forward: points that begin at or before the end of what a curve has replace it from there
/// on, as a training does that goes back to its checkpoint.
///
/// # Errors
/// [`StoreError::NotFound`] where there is no such run.
pub async fn append(
    store: &Store,
    run: RunId,
    series: Vec<Series>,
    now: Timestamp,
) -> Result<(), StoreError> {
    store
        .write(move |tx| append_in(tx, run, series, now).boxed())
        .await
}

pub(crate) async fn append_in(
    tx: &DatabaseTransaction,
    run: RunId,
    series: Vec<Series>,
    now: Timestamp,
) -> Result<(), StoreError> {
    const REPLACE: &str = "ON CONFLICT (run_id, name) DO UPDATE SET step = excluded.step, \
        value = excluded.value, least = excluded.least, greatest = excluded.greatest, \
        n_points = excluded.n_points";
    write::touch(tx, run, "", now).await?;
    let mut chunks = Vec::new();
    let mut summaries = Vec::new();
    for Series { metric, points } in series {
        let points = in_order(points);
        let Some(&first) = points.first() else {
            continue;
        };
        let tail = Tail::take(tx, run, &metric, first.step).await?;
        let last = *points.last().unwrap_or(&first);
        let new = pieces(run, &metric, &tail, points);
        summaries.push(summary(&tail, &new, last));
        chunks.extend(new);
    }
    bulk::insert::<run_chunk::Entity>(tx, chunks, "").await?;
    bulk::insert::<run_metric::Entity>(tx, summaries, REPLACE).await?;
    Ok(())
}

fn in_order(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by_key(|point| point.step);
    points.dedup_by(|later, kept| {
        let is_same = later.step == kept.step;
        if is_same {
            kept.value = later.value;
        }
        is_same
    });
    points
}

/// The end of a curve, taken out to be written anew, and what is known of the chunks that stay.
struct Tail {
    /// Points that stay before the new ones.
    points: Vec<Point>,
    /// Number of the chunk that they and the new ones begin with.
    chunk_no: i64,
    n_points_before: i64,
    least: Option<f64>,
    greatest: Option<f64>,
}

impl Tail {
    /// Takes out the chunks that reach up to `step`, and a last one with room.
    async fn take(
        tx: &DatabaseTransaction,
        run: RunId,
        metric: &str,
        step: u64,
    ) -> Result<Self, StoreError> {
        let backend = tx.get_database_backend();
        let first = codec::signed(step);
        let values = || [sql::id(run), sql::text(metric)];
        let columns = record::columns::<run_chunk::Entity>("c", "c_");
        let mut sql = Sql::new(backend);
        sql.push(&format!("SELECT {columns} FROM run_chunks c WHERE "));
        sql.push_with("c.run_id = ? AND c.name = ?", values());
        // Of the last chunk only one with room is rewritten.
        let room = i64::try_from(chunk::N_POINTS_MAX).unwrap_or(i64::MAX);
        sql.push_with(
            " AND (c.last_step >= ? OR (c.n_points < ? AND c.chunk_no = \
             (SELECT max(x.chunk_no) FROM run_chunks x WHERE x.run_id = ? AND x.name = ?))) \
             ORDER BY c.chunk_no",
            [first.into(), room.into(), sql::id(run), sql::text(metric)],
        );
        let mut points = Vec::new();
        let mut taken_from = None;
        for row in sql.all(tx).await? {
            let row = run_chunk::Model::from_query_result(&row, "c_")?;
            taken_from = taken_from.or(Some(row.chunk_no));
            points.extend(chunk::decode(&row.points)?);
        }
        points.retain(|point| point.step < step);
        if let Some(chunk_no) = taken_from {
            let text = "DELETE FROM run_chunks WHERE run_id = ? AND name = ? AND chunk_no >= ?";
            let [run, metric] = values();
            Sql::of(backend, text, [run, metric, chunk_no.into()])
                .execute(tx)
                .await?;
        }
        let text = "SELECT max(chunk_no) AS chunk_no, CAST(sum(n_points) AS bigint) AS n_points, \
                    min(least) AS least, max(greatest) AS greatest \
                    FROM run_chunks WHERE run_id = ? AND name = ?";
        let staying = Sql::of(backend, text, values()).one(tx).await?;
        let staying = staying.ok_or_else(|| StoreError::not_found(super::OBJECT, run))?;
        let chunk_no: Option<i64> = staying.try_get("", "chunk_no")?;
        let n_points: Option<i64> = staying.try_get("", "n_points")?;
        Ok(Self {
            points,
            chunk_no: chunk_no.map_or(0, |last| last + 1),
            n_points_before: n_points.unwrap_or(0),
            least: staying.try_get("", "least")?,
            greatest: staying.try_get("", "greatest")?,
        })
    }
}

/// The points that stay and the new ones, in chunks.
fn pieces(run: RunId, metric: &str, tail: &Tail, new: Vec<Point>) -> Vec<run_chunk::Model> {
    let points = [tail.points.as_slice(), &new].concat();
    let chunks = points.chunks(chunk::N_POINTS_MAX);
    let numbered = (tail.chunk_no..).zip(chunks);
    numbered
        .map(|(chunk_no, points)| {
            let (least, greatest) = extremes(points);
            run_chunk::Model {
                run_id: run.into(),
                name: metric.to_owned(),
                chunk_no,
                first_step: points.first().map_or(0, |point| codec::signed(point.step)),
                last_step: points.last().map_or(0, |point| codec::signed(point.step)),
                n_points: i64::try_from(points.len()).unwrap_or(i64::MAX),
                least,
                greatest,
                points: chunk::encode(points),
            }
        })
        .collect()
}

fn extremes(points: &[Point]) -> (Option<f64>, Option<f64>) {
    let finite = || {
        let values = points.iter().map(|point| point.value);
        values.filter(|value| value.is_finite())
    };
    (finite().reduce(f64::min), finite().reduce(f64::max))
}

fn summary(tail: &Tail, new: &[run_chunk::Model], last: Point) -> run_metric::Model {
    let least = new.iter().filter_map(|chunk| chunk.least).chain(tail.least);
    let greatest = new.iter().filter_map(|chunk| chunk.greatest);
    let n_new: i64 = new.iter().map(|chunk| chunk.n_points).sum();
    run_metric::Model {
        run_id: new[0].run_id,
        name: new[0].name.clone(),
        step: codec::signed(last.step),
        value: Some(last.value).filter(|value| value.is_finite()),
        least: least.reduce(f64::min),
        greatest: greatest.chain(tail.greatest).reduce(f64::max),
        n_points: tail.n_points_before + n_new,
    }
}
