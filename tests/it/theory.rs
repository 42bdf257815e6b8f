//! The quadratures of the library against independent ones.

use oversight::study::theory::{Proxy, expected_maximum};

#[test]
fn quadratures_meet_independent_ones() {
    for (n, expected) in [(2, 0.56419), (16, 1.76599), (4096, 3.62608)] {
        assert!((expected_maximum(n) - expected).abs() < 1e-5, "{n}: {}", expected_maximum(n));
    }
    let text = include_str!("../data/wrong_overseer.json");
    let data: serde_json::Value = serde_json::from_str(text).unwrap();
    for case in data["cases"].as_array().unwrap() {
        let number = |v: &serde_json::Value| v.as_f64().unwrap();
        let list = |key: &str| case[key].as_array().unwrap().iter().map(number).collect::<Vec<_>>();
        let (insight, flattery) = (number(&case["insight"]), number(&case["flattery"]));
        let proxy = Proxy::new(insight * insight + flattery * flattery, &list("tails"));
        for ((n, z), y) in list("n").iter().zip(list("mean_insight")).zip(list("mean_flattery")) {
            let lift = proxy.best_of(*n as u32);
            assert!((lift * insight - z).abs() < 1e-4, "{n}: {} {z}", lift * insight);
            assert!((lift * flattery - y).abs() < 1e-4, "{n}: {} {y}", lift * flattery);
        }
    }
    // A proxy without tails is a normal one.
    for n in [1, 2, 64, 4096] {
        let lift = Proxy::new(4.0, &[]).best_of(n);
        assert!((2.0 * lift - expected_maximum(n)).abs() < 1e-6, "{n}: {lift}");
    }
}
