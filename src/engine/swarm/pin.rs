//! Which image a tag is at this moment, for all nodes.

use super::{Asked, Swarm};
use crate::diagnostic::said;
use crate::engine::EngineError;
use crate::plan::image;
use crate::run_spec::Source;

impl Swarm {
    /// The image with the digest that its registry has for the tag. One that no registry has is good where this node is alone.
    ///
    /// # Errors
    /// The image is absent or its registry cannot be reached, and it is not here, or there are other nodes.
    pub(super) async fn pin(&self, source: &Source) -> Result<String, EngineError> {
        let image = image(source);
        if image.contains('@') {
            return Ok(image);
        }
        let credentials = self.docker.credentials(&source.image).await?;
        let failed = match self.docker.client().await?.inspect_registry_image(&image, credentials).await {
            Ok(found) => {
                let digest = found.descriptor.digest;
                return Ok(digest.map_or(image.clone(), |digest| format!("{image}@{digest}")));
            }
            Err(error) => self.failed(&error, Asked::Image(&image)),
        };
        if !self.docker.has(source).await? {
            return Err(failed);
        }
        let nodes = self.docker.client().await?.list_nodes(None).await;
        match nodes.map_err(|error| self.failed(&error, Asked::Connection))?.len() {
            0 | 1 => Ok(image),
            _ => Err(EngineError::ImageOnOneNode { image, cause: said(&failed) }),
        }
    }
}
