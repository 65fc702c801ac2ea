//! How long tasks took from start to completion.

use jiff::civil::Date;
use oriel_contract::{CycleTime, CycleTimeBucket, CycleTimes};

use super::numbers::Counted;
use crate::{
    StoreError,
    database::Tx,
    encoding::{count, day_number, float, unreadable},
    sql::Sql,
};

const MILLIS_PER_DAY: i64 = 86_400_000;
/// The days that the buckets start with.
const BUCKETS: [u32; 10] = [0, 1, 2, 3, 5, 7, 14, 30, 60, 90];

/// Milliseconds that tasks took, by the day they were completed, in its order.
pub(super) struct CycleMillis(Vec<(i64, Vec<i64>)>);

impl Counted<'_> {
    /// The times of what was completed on these days.
    ///
    /// Several percentiles of several spans are wanted, and each would be a sort
    /// in the database. The index has the times by day: one text for each day is
    /// read in a fraction of what the windows of a single median take.
    pub async fn cycle_millis(
        &self,
        tx: &mut Tx,
        first: Date,
        last: Date,
    ) -> Result<CycleMillis, StoreError> {
        let mut sql =
            Sql::new("SELECT t.done_on, STRING_AGG(CAST(t.cycle_millis AS TEXT), ',') AS millis");
        self.from(&mut sql);
        sql.push(" AND t.cycle_millis IS NOT NULL AND t.done_on BETWEEN ")
            .bind(day_number(first))
            .push(" AND ")
            .bind(day_number(last))
            .push(" GROUP BY t.done_on ORDER BY t.done_on");
        let days: Vec<(i64, String)> = tx.all(sql).await?;
        let read = |(day, millis): (i64, String)| {
            let millis = millis.split(',').map(str::parse);
            let millis = millis.collect::<Result<_, _>>();
            Ok((day, millis.map_err(|_| unreadable("duration"))?))
        };
        days.into_iter()
            .map(read)
            .collect::<Result<_, _>>()
            .map(CycleMillis)
    }
}

impl CycleMillis {
    /// What was completed from `first` to `last`, both included.
    pub fn within(&self, first: Date, last: Date) -> Durations {
        let start = self.0.partition_point(|(day, _)| *day < day_number(first));
        let end = self.0.partition_point(|(day, _)| *day <= day_number(last));
        let days = self.0.get(start..end).unwrap_or_default();
        let mut millis: Vec<i64> = days
            .iter()
            .flat_map(|(_, millis)| millis)
            .copied()
            .collect();
        millis.sort_unstable();
        Durations(millis)
    }
}

/// Durations in milliseconds, ascending.
pub(super) struct Durations(Vec<i64>);

impl Durations {
    fn tasks(&self) -> u64 {
        self.0.len() as u64
    }

    pub fn median(&self) -> CycleTime {
        CycleTime {
            median_days: self.percentile(50),
            tasks: self.tasks(),
        }
    }

    pub fn distribution(&self) -> CycleTimes {
        CycleTimes {
            tasks: self.tasks(),
            p50_days: self.percentile(50),
            p85_days: self.percentile(85),
            p95_days: self.percentile(95),
            buckets: self.buckets(),
        }
    }

    /// A percentile in days, between the two nearest tasks. Whole numbers as far
    /// as they go, so that the one division rounds once.
    fn percentile(&self, percent: usize) -> Option<f64> {
        let last = self.0.len().checked_sub(1)?;
        let (below, rest) = (last * percent / 100, last * percent % 100);
        let (low, high) = (self.0[below], self.0[(below + 1).min(last)]);
        let rest = i64::try_from(rest).unwrap_or_default();
        let hundredths = low * (100 - rest) + high * rest;
        Some(float(count(hundredths)) / 100.0 / float(count(MILLIS_PER_DAY)))
    }

    fn buckets(&self) -> Vec<CycleTimeBucket> {
        let shorter = |days: u32| {
            let limit = i64::from(days) * MILLIS_PER_DAY;
            self.0.partition_point(|millis| *millis < limit)
        };
        let bucket = |(index, from_days): (usize, &u32)| {
            let to_days = BUCKETS.get(index + 1).copied();
            let end = to_days.map_or(self.0.len(), shorter);
            CycleTimeBucket {
                from_days: *from_days,
                to_days,
                tasks: (end - shorter(*from_days)) as u64,
            }
        };
        BUCKETS.iter().enumerate().map(bucket).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(hours: &[i64]) -> Durations {
        Durations(
            hours
                .iter()
                .map(|hours| hours * MILLIS_PER_DAY / 24)
                .collect(),
        )
    }

    #[test]
    fn a_percentile_lies_between_the_two_nearest_tasks() {
        // 21 tasks of 0 to 20 days: h is 17 for 85 % and 19 for 95 %.
        let even: Vec<i64> = (0..=20).map(|day| day * 24).collect();
        let even = hours(&even).distribution();
        assert_eq!(even.p50_days, Some(10.0));
        assert_eq!(even.p85_days, Some(17.0));
        assert_eq!(even.p95_days, Some(19.0));
        // Two tasks: h is 0.5, 0.85 and 0.95.
        let two = hours(&[0, 480]).distribution();
        assert_eq!(two.p50_days, Some(10.0));
        assert_eq!(two.p85_days, Some(17.0));
        assert_eq!(two.p95_days, Some(19.0));
    }

    #[test]
    fn one_task_is_every_percentile_and_none_is_no_number() {
        let one = hours(&[36]).distribution();
        assert_eq!((one.p50_days, one.p95_days), (Some(1.5), Some(1.5)));
        let none = hours(&[]).distribution();
        assert_eq!((none.p50_days, none.p95_days), (None, None));
        assert_eq!(none.buckets.len(), BUCKETS.len());
    }

    #[test]
    fn a_bucket_holds_its_start_and_not_its_end() {
        let some = hours(&[0, 23, 24, 47, 48, 7 * 24, 14 * 24 - 1, 90 * 24, 9_999]);
        let tasks: Vec<u64> = some.buckets().iter().map(|bucket| bucket.tasks).collect();
        assert_eq!(tasks, [2, 2, 1, 0, 0, 2, 0, 0, 0, 2]);
    }
}
