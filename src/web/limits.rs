//! How many calls an address may make. (Sign-ins have their own, stricter count in the accounts slice.)

use super::Problem;
use crate::access::network_of;
use crate::error::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// The calls of each address in the last minute.
#[derive(Clone)]
pub struct CallLimit(Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>);

impl std::fmt::Debug for CallLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CallLimit({})", if self.0.is_some() { "on" } else { "off" })
    }
}

impl CallLimit {
    /// So many calls a minute; none for no limit.
    pub fn new(per_minute: Option<u32>) -> Self {
        Self(
            per_minute
                .and_then(NonZeroU32::new)
                .map(|most| Arc::new(RateLimiter::keyed(Quota::per_minute(most)))),
        )
    }

    /// Refuses when this address, or its [network](network_of), has called too often.
    pub fn check(&self, address: IpAddr) -> Result<(), Error> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.check_key(&network_of(address)).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            Error::TooMany {
                retry_after: u32::try_from(wait).unwrap_or(60),
            }
        })
    }

    /// Forgets addresses that may call as often again as ever, and gives their memory back.
    fn forget_idle(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Between two rounds of forgetting.
const FORGET_EVERY: Duration = Duration::from_mins(1);

/// Forgets idle addresses, again and again, for as long as whoever spawned it goes on: what is kept of callers would grow without
/// end otherwise.
pub async fn forget_idle_addresses(limits: [CallLimit; 2]) {
    loop {
        limits.iter().for_each(CallLimit::forget_idle);
        tokio::time::sleep(FORGET_EVERY).await;
    }
}

/// Refuses an address that calls too often. Health checks and metrics are not counted.
pub async fn limit_calls(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let counted = !request.path().starts_with("/health/") && request.path() != "/metrics";
    if counted && let Some(limit) = request.app_data::<web::Data<CallLimit>>() {
        let origin = super::origin_of(request.request());
        if let Err(refused) = limit.check(origin.address) {
            return Ok(request.error_response(Problem(refused)));
        }
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use std::time::Instant;

    fn addresses(limit: &CallLimit) -> usize {
        limit.0.as_ref().map_or(0, |limiter| limiter.len())
    }

    #[test]
    fn one_customers_addresses_are_counted_as_one() {
        let limit = CallLimit::new(Some(1));
        let is_let_in = |address: &str| limit.check(address.parse().unwrap()).is_ok();
        assert!(is_let_in("2001:db8:1:2::7") && !is_let_in("2001:db8:1:2:ffff::8"));
        assert!(is_let_in("2001:db8:1:3::7"));
        // Those that IPv4 has in IPv6 are each somebody's own.
        assert!(is_let_in("::ffff:192.0.2.1") && is_let_in("::ffff:192.0.2.2"));
        assert!(!is_let_in("192.0.2.1"));
    }

    #[tokio::test]
    async fn idle_addresses_are_forgotten_and_busy_ones_are_not() {
        // Of so many calls a minute one is made up for within nanoseconds; of one a minute, within the minute.
        let limits = [CallLimit::new(Some(u32::MAX)), CallLimit::new(Some(1))];
        let address = IpAddr::from([192, 0, 2, 1]);
        for limit in &limits {
            assert!(limit.check(address).is_ok());
            assert_eq!(addresses(limit), 1);
        }
        let called = Instant::now();
        while called.elapsed() < Duration::from_micros(10) {
            std::hint::spin_loop();
        }
        assert!(
            forget_idle_addresses(limits.clone()).now_or_never().is_none(),
            "it goes on after the first round"
        );
        assert_eq!(limits.each_ref().map(addresses), [0, 1]);
        assert!(limits[0].check(address).is_ok());
        assert!(limits[1].check(address).is_err());
    }
}
