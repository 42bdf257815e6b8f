//! Debate about handwritten digits before a judge who sees a few pixels (Irving, Christiano and
//! Amodei, *AI safety via debate*, 2018, section 3, with another judge): how often random pixels, and how often an
//! honest debater against every lie, lead it to the right digit.
//!
//! The judge is naive Bayes on single pixels, so that evidence adds up, and the value of the game is what
//! [`Protocol::chances`] says: the most that half of the pixels can say for the truth, and the most that the
//! other half can say against it, whoever moves first.
//!
//! `cargo run --release --example digits_debate`

use oversight::lab::protocol::Protocol;
use oversight::numerics::math::ln;
use oversight::numerics::rng::{Purpose, Rng, Streams, uniform};

const PIXELS: usize = 64;
const TRAINED_ON: usize = 1297;
/// Pixels come in five shades.
const SHADES: usize = 5;

fn main() {
    println!("pixels  random  debate  a lone liar");
    for pixels in [4, 6, 8] {
        let [random, debate, liar] = table(pixels, 20);
        println!("{pixels:6} {random:7.3} {debate:7.3} {liar:12.3}");
    }
}

/// An image: its digit, and the shade of each pixel.
pub struct Image {
    digit: usize,
    shades: [usize; PIXELS],
}

/// The images, as they are in the file.
pub fn images() -> Vec<Image> {
    let shade = |pixel: char| (pixel.to_digit(17).expect("0 to g") as usize).div_ceil(4);
    let image = |line: &str| {
        let (digit, pixels) = line.split_once(' ').expect("a digit and pixels");
        let mut shades = [0; PIXELS];
        shades.iter_mut().zip(pixels.chars()).for_each(|(to, pixel)| *to = shade(pixel));
        Image { digit: digit.parse().expect("a digit"), shades }
    };
    include_str!("../tests/data/digits.txt").lines().map(image).collect()
}

/// Log-chances of each shade of each pixel, given the digit, from counts to which one is added.
pub struct Judge(Vec<[[f64; SHADES]; PIXELS]>);

impl Judge {
    fn new(images: &[&Image]) -> Self {
        let mut logs = vec![[[1.0; SHADES]; PIXELS]; 10];
        for image in images {
            for (pixel, shade) in image.shades.iter().enumerate() {
                logs[image.digit][pixel][*shade] += 1.0;
            }
        }
        for shades in logs.iter_mut().flatten() {
            let all: f64 = shades.iter().sum();
            shades.iter_mut().for_each(|count| *count = ln(*count / all));
        }
        Self(logs)
    }

    /// What each inked pixel says for one digit and against another, the most first.
    fn evidence(&self, image: &Image, [one, other]: [usize; 2]) -> Vec<f64> {
        let inked = (0..PIXELS).filter(|pixel| image.shades[*pixel] > 0);
        let says = |pixel: usize| {
            let shade = image.shades[pixel];
            self.0[one][pixel][shade] - self.0[other][pixel][shade]
        };
        let mut says: Vec<f64> = inked.map(says).collect();
        says.sort_by(|a, b| b.total_cmp(a));
        says
    }

    /// The digit that these pixels speak for.
    fn guess(&self, image: &Image, pixels: &[usize]) -> usize {
        let of = |digit: usize| -> f64 {
            pixels.iter().map(|&pixel| self.0[digit][pixel][image.shades[pixel]]).sum()
        };
        (0..10).max_by(|a, b| of(*a).total_cmp(&of(*b))).expect("ten digits")
    }
}

/// What is told under a protocol, added up; `evidence` is in order.
pub fn told(protocol: &Protocol, evidence: &[f64]) -> f64 {
    protocol.chances(evidence.len()).iter().zip(evidence).map(|(chance, says)| chance * says).sum()
}

/// Over splits into training and test: how often random pixels lead the judge to the right digit; how often
/// the truth beats every lie in a debate; how often there is a lie that nobody could tell if its
/// liar were alone.
pub fn table(pixels: usize, splits: u32) -> [f64; 3] {
    let images = images();
    let protocol =
        |name: &str| -> Protocol { toml::from_str(&format!("{name}.slots = {pixels}")).expect("a protocol") };
    let (debate, liar) = (protocol("debate"), protocol("critique"));
    let mut right = [0.0; 3];
    for split in 0..splits {
        let mut rng = Streams { seed: 0, repetition: split }.stream(Purpose::Play, "digits", 0);
        let mut order: Vec<&Image> = images.iter().collect();
        let images = order.len();
        shuffle(&mut order, images, &mut rng);
        let judge = Judge::new(&order[..TRAINED_ON]);
        for image in &order[TRAINED_ON..] {
            let mut inked: Vec<usize> = (0..PIXELS).filter(|pixel| image.shades[*pixel] > 0).collect();
            shuffle(&mut inked, pixels, &mut rng);
            let random = judge.guess(image, &inked[..pixels.min(inked.len())]) == image.digit;
            let lies = (0..10).filter(|digit| *digit != image.digit);
            let evidence: Vec<Vec<f64>> = lies.map(|lie| judge.evidence(image, [image.digit, lie])).collect();
            let honest = evidence.iter().all(|says| told(&debate, says) > 0.0);
            let fooled = evidence.iter().any(|says| told(&liar, says) < 0.0);
            for (sum, is) in right.iter_mut().zip([random, honest, fooled]) {
                *sum += f64::from(u8::from(is));
            }
        }
    }
    right.map(|sum| sum / f64::from(splits) / (images.len() - TRAINED_ON) as f64)
}

/// Puts a random choice of so many first.
fn shuffle<T>(items: &mut [T], first: usize, rng: &mut Rng) {
    for i in 0..first.min(items.len()) {
        items.swap(i, i + (uniform(rng) * (items.len() - i) as f64) as usize);
    }
}
