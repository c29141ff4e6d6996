//! Fetching an image: the engine downloads it, and says how far each layer is.

use bollard::auth::DockerCredentials;
use bollard::models::CreateImageInfo;
use bollard::query_parameters::CreateImageOptions;
use futures_util::stream::StreamExt as _;

use super::failure::Asked;
use super::{Docker, credentials::find};
use crate::engine::{EngineError, FetchProgress, Layer};
use crate::phrase;
use crate::plan::image;
use crate::run_spec::Source;
use crate::words::Phrase;

/// Has the engine fetch `source`, with the credentials that Docker's configuration has for its registry.
pub(super) async fn fetch(
    docker: &Docker,
    source: &Source,
    progress: &FetchProgress<'_>,
) -> Result<(), EngineError> {
    let image = image(source);
    let credentials = credentials(docker, &source.image).await?;
    let options = CreateImageOptions {
        from_image: Some(source.image.clone()),
        tag: Some(source.tag.clone()),
        ..CreateImageOptions::default()
    };
    let mut events = docker.client().await?.create_image(Some(options), None, credentials);
    while let Some(event) = events.next().await {
        let event = event.map_err(|error| docker.failed(&error, Asked::Image(&image)))?;
        if let Some(layer) = layer(event) {
            progress(layer);
        }
    }
    Ok(())
}

/// What the configuration has for the registry of `image`.
pub(super) async fn credentials(
    docker: &Docker,
    image: &str,
) -> Result<Option<DockerCredentials>, EngineError> {
    for path in &docker.settings.credentials {
        if let Some(found) = find(path, image).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// What an event says of a layer; none for one that is of the whole image.
fn layer(event: CreateImageInfo) -> Option<Layer> {
    let detail = event.progress_detail.unwrap_or_default();
    let bytes = |count: Option<i64>| count.and_then(|count| u64::try_from(count).ok());
    let layer = Layer {
        id: event.id?,
        status: happens(event.status.unwrap_or_default()),
        current: bytes(detail.current),
        total: bytes(detail.total),
    };
    (!layer.status.english().starts_with("Pulling from")).then_some(layer)
}

/// What happens to a layer: the engine's words, of which the usual ones are known in other languages.
fn happens(status: String) -> Phrase {
    match status.as_str() {
        "Pulling fs layer" => phrase!("docker-asks", "Pulling fs layer"),
        "Waiting" => phrase!("docker-waits", "Waiting"),
        "Downloading" => phrase!("docker-downloads", "Downloading"),
        "Verifying Checksum" => phrase!("docker-verifies", "Verifying Checksum"),
        "Download complete" => phrase!("docker-downloaded", "Download complete"),
        "Extracting" => phrase!("docker-extracts", "Extracting"),
        "Pull complete" => phrase!("docker-pulled", "Pull complete"),
        "Already exists" => phrase!("docker-had", "Already exists"),
        _ => status.into(),
    }
}
