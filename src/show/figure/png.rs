//! PNG by rasterising the SVG with the embedded font: the same picture, for the eye only.
//!
//! Pixels may differ between platforms in the last bit; the SVG is the golden, never the PNG.

use super::text;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// Sides are not made longer than this: 100 megapixels are more than any page holds.
const LONGEST: f32 = 10_000.0;

/// Why an SVG could not become a PNG.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The text is not an SVG that can be drawn.
    #[error("not a drawable SVG: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// The picture would have no pixels: the scale, and pixels across and down.
    #[error("at scale {0} the picture would be {1} × {2} pixels; 1 to 10000 each way")]
    Size(f32, f32, f32),
    /// The pixels could not be written as a file.
    #[error("the PNG could not be encoded: {0}")]
    Encoding(String),
}

/// A PNG of what `svg` wrote, on white, at `scale` pixels per SVG unit, or fewer where a side would
/// be longer than 10000 pixels.
///
/// A three-column figure is 760 units wide: over a 7-inch page, scale 3 gives about 325 dots per
/// inch.
///
/// # Errors
/// If the text is no SVG, or the scale is no positive number, or so small that a side has no pixel.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, PngError> {
    let mut fonts = fontdb::Database::new();
    if !text::is_covered(svg) {
        // Other fonts stand in where the system has them; the first that has a sign is taken.
        fonts.load_system_fonts();
        let is_plain = |face: &fontdb::FaceInfo| {
            face.style == fontdb::Style::Normal && face.weight == fontdb::Weight::NORMAL && !face.monospaced
        };
        let odd: Vec<fontdb::ID> = fonts.faces().filter(|face| !is_plain(face)).map(|face| face.id).collect();
        odd.into_iter().for_each(|face| fonts.remove_face(face));
    }
    fonts.load_font_data(include_bytes!("font/Roboto-Regular.ttf").to_vec());
    fonts.load_font_data(include_bytes!("font/Roboto-Bold.ttf").to_vec());
    let options = Options { fontdb: Arc::new(fonts), font_family: "Roboto".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size();
    let most = (LONGEST - 1.0) / size.width().max(size.height());
    let scale = if scale.is_finite() { scale.min(most) } else { scale };
    let [width, height] = [size.width(), size.height()].map(|side| (side * scale).ceil());
    let fits = (1.0..=LONGEST).contains(&width) && (1.0..=LONGEST).contains(&height);
    let pixmap = fits.then(|| Pixmap::new(width as u32, height as u32)).flatten();
    let mut pixmap = pixmap.ok_or(PngError::Size(scale, width, height))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| PngError::Encoding(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{PngError, png};

    const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'/>";

    #[test]
    fn scale_sets_the_size() {
        let bytes = png(SVG, 2.5).unwrap();
        assert_eq!(&bytes[1..4], b"PNG");
        assert_eq!(bytes[16..24], [0, 0, 0, 50, 0, 0, 0, 25]);
        // No side is longer than 10000 pixels.
        let tall = SVG.replace("height='10'", "height='10000'");
        let bytes = png(&tall, 3.0).unwrap();
        let height = u32::from_be_bytes([bytes[20], bytes[21], bytes[22], bytes[23]]);
        assert!(bytes[19] == 20 && (9_990..=10_000).contains(&height), "{height}");
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(matches!(png("hello", 1.0), Err(PngError::Svg(_))));
        for scale in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert!(matches!(png(SVG, scale), Err(PngError::Size(..))));
        }
    }
}
