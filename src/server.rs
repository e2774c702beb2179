//! The server: the API, the document, health and metrics, put together and stopped cleanly.

use crate::accounts::Keeper;
use crate::config::{Config, SecretKey, metrics};
use crate::db::Database;
use crate::db::migrations::{self, Standing};
use crate::error::Error;
use crate::web::{AppState, CallLimit, Problem, Routes, forget_idle_addresses, observe};
use crate::{openapi, outbox, routes};
use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::json;
use std::net::TcpListener;
use std::sync::Arc;

/// The largest body that is taken, in bytes: a long bid with room to spare.
const LARGEST_BODY: usize = 1 << 20;

/// Seconds that calls under way get to finish when the program is asked to stop.
const GRACE: u64 = 20;

/// Everything a call can reach, put together.
pub fn state(db: Database, config: Arc<Config>, secret: SecretKey) -> AppState {
    let doorkeeper = Arc::new(Keeper::new(&secret, db.clock().clone()));
    let sign_ins = CallLimit::new(config.sign_in.attempts_per_minute);
    AppState {
        db,
        config,
        secret,
        doorkeeper,
        sign_ins,
        access: Arc::new(routes::access()),
        navigation: routes::navigation,
        unread: |tx, actor| crate::notifications::store::unread(tx, actor.person_id),
    }
}

/// Serves on a listener until told to stop; called on the system that it is to run on.
pub fn serve(state: AppState, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    let document: Arc<str> = openapi::yaml(&routes::api()).map_err(std::io::Error::other)?.into();
    let calls = CallLimit::new(state.config.server.calls_per_minute);
    // Ends with the system that the server runs on.
    actix_web::rt::spawn(forget_idle_addresses([calls.clone(), state.sign_ins.clone()]));
    let server = HttpServer::new(move || {
        let routes = routes::api();
        App::new()
            .app_data(web::Data::new(state.clone()))
            .app_data(web::Data::new(Document(document.clone())))
            .app_data(web::Data::new(calls.clone()))
            .app_data(web::PayloadConfig::new(LARGEST_BODY))
            .wrap(from_fn(crate::web::limit_calls))
            .wrap(from_fn(observe))
            .wrap(Compress::default())
            .configure(|config| mount(config, &routes))
            .default_service(web::to(nothing_here))
    });
    Ok(server
        .workers(workers)
        .shutdown_timeout(GRACE)
        .disable_signals()
        .listen(listener)?
        .run())
}

fn mount(config: &mut web::ServiceConfig, routes: &Routes) {
    config
        .route("/health/live", web::get().to(live))
        .route("/health/ready", web::get().to(ready))
        .route("/metrics", web::get().to(counted))
        .route("/api/v1/openapi.yaml", web::get().to(openapi_yaml))
        .route("/api/docs", web::get().to(crate::openapi::page))
        .route("/assets/{digest}/{name}", web::get().to(crate::web::pages::serve_asset))
        .service(
            web::scope(crate::routes::BASE)
                .configure(|scope| routes.serve(scope))
                .default_service(web::to(nothing_here)),
        )
        .configure(|config| crate::routes::pages().serve(config));
}

/// The printed document.
struct Document(Arc<str>);

async fn openapi_yaml(document: web::Data<Document>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/yaml")
        .body(document.0.to_string())
}

async fn nothing_here(_: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(Problem(Error::NotFound("page")))
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "live"}))
}

/// How old the oldest waiting event may be before the program says that it does not keep up, in seconds.
const OLDEST_EVENT: i64 = 300;

async fn ready(app: web::Data<AppState>) -> HttpResponse {
    let db = app.db.clone();
    let standing = tokio::task::spawn_blocking(move || migrations::standing(&db))
        .await
        .map_err(Error::internal)
        .and_then(|standing| standing);
    let queue = outbox::queue_state(&app.db).await;
    let (migrated, age) = (
        matches!(standing, Ok(Standing::Current)),
        queue.as_ref().map(|queue| queue.events.1),
    );
    let well = migrated && age.as_ref().is_ok_and(|age| *age < OLDEST_EVENT);
    let body = json!({
        "status": if well { "ready" } else { "not_ready" },
        "database": if standing.is_ok() { "up" } else { "down" },
        "migrations": if migrated { "current" } else { "not_current" },
        "queue_age_seconds": age.ok(),
    });
    if well {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().json(body)
    }
}

async fn counted(app: web::Data<AppState>) -> HttpResponse {
    let pool = app.db.pool_use();
    metrics::pool("read", pool.open.saturating_sub(pool.idle), pool.idle);
    if let Ok(queue) = outbox::queue_state(&app.db).await {
        queue.count();
    }
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .body(metrics::text())
}
