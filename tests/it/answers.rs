//! Worlds of answers: their draws, their moments, and what an overseer makes of them.

use crate::common::{assert_all_close, assert_close, world};
use oversight::lab::mdp::Table;
use oversight::lab::overseer::{Overseer, OverseerConfig};
use oversight::lab::world::{World, WorldConfig};
use oversight::numerics::rng::Streams;
use oversight::numerics::stats::{mean, sd};

fn overseer(toml: &str, world: &World) -> Overseer {
    let config: OverseerConfig = toml::from_str(toml).expect("valid TOML");
    config.overseer(world.blueprint(), Streams { seed: 1, repetition: 0 }).expect("an overseer")
}

fn column<'a>(world: &'a World, name: &str) -> &'a [f64] {
    let i = world.names().iter().position(|n| n == name).unwrap_or_else(|| panic!("no column {name}"));
    world.mdp.features.column(i)
}

/// S per row.
fn believed(overseer: &Overseer, world: &World) -> Table {
    overseer.beliefs.of(world).table
}

const RICH: &str = r#"
prompts = 4
answers = 16384
[features]
a = { gold = 1.0, correlation = { b = 0.6, style = -0.3 } }
b = { gold = -0.5, curvature = 0.25 }
style = { gold = 0.1, count = 3 }
heavy = { tail = { student_t = { df = 9, scale = 0.5 } } }
skewed = { tail = { log_normal = { sigma = 0.4 } } }
"#;

const BUDGET: &str = r#"
prompts = 4
answers = 16384
budget = { features = ["a", "b", "c"], total = 2.0 }
[features]
a = { gold = 1.0, curvature = -0.5, correlation = { other = 0.5 } }
b = { gold = 1.0 }
c = { gold = 1.0, curvature = 0.3, correlation = { a = -0.4 } }
other = { curvature = 1.0 }
"#;

const MIXED_BUDGET: &str = r#"
prompts = 4
answers = 16384
budget = { features = ["a", "s"], total = -1.0 }
[features]
a = { gold = 1.0 }
s = { count = 2, tail = { log_normal = { sigma = 0.4 } } }
free = { tail = { student_t = { df = 9 } } }
"#;

#[test]
fn draws_have_their_moments() {
    // Rows are independent, so a mean of n = 65,536 has standard error sd/√n, and so has a mean
    // product; sd from the draws themselves. At most 3·(10 + 55) comparisons at 5.2 standard
    // errors: 195·2e-7 = 4e-5 for normal sums; tails with 9 moments leave room for their skew.
    for (seed, toml) in [(1, RICH), (2, BUDGET), (3, MIXED_BUDGET)] {
        let world = world(toml, seed);
        let (mu, sigma) = world.blueprint().moments().expect("finite");
        let columns: Vec<&[f64]> = world.mdp.features.columns().collect();
        let root = (columns[0].len() as f64).sqrt();
        for i in 0..columns.len() {
            let error = 5.2 * sd(columns[i]) / root;
            assert_close(&format!("mean of {}", world.names()[i]), mean(columns[i]), mu[i], error + 1e-12);
            for j in 0..=i {
                let products = columns[i].iter().zip(columns[j]).map(|(x, y)| (x - mu[i]) * (y - mu[j]));
                let products: Vec<f64> = products.collect();
                let what = format!("covariance of {} and {}", world.names()[i], world.names()[j]);
                assert_close(&what, mean(&products), sigma.at(i, j), 5.2 * sd(&products) / root + 1e-12);
            }
        }
    }
}

#[test]
fn moments_in_closed_form() {
    let world = world(RICH, 1);
    let names = ["a", "b", "b_squared", "style_1", "style_2", "style_3", "heavy", "skewed"];
    assert_eq!(world.names(), names);
    assert_eq!(world.mdp.gold, [1.0, -0.5, 0.25, 0.1, 0.1, 0.1, 0.0, 0.0]);
    let (mu, sigma) = world.blueprint().moments().expect("finite");
    assert_close("ρ(a, b)", sigma.at(0, 1), 0.6, 1e-15);
    for copy in 3..6 {
        assert_close("ρ(a, style)", sigma.at(0, copy), -0.3, 1e-15);
        assert_close("ρ(b, style)", sigma.at(1, copy), 0.0, 1e-15);
        assert_close("ρ(style, style)", sigma.at(copy, 3 + (copy - 2) % 3), 0.0, 1e-15);
        assert_close("var(style)", sigma.at(copy, copy), 1.0, 1e-15);
    }
    assert_all_close("squares", &[mu[2], sigma.at(2, 2), sigma.at(2, 1)], &[0.0, 2.0, 0.0], 1e-15);
    assert_close("var(heavy)", sigma.at(6, 6), 0.25 * 9.0 / 7.0, 1e-15);
    // A budget of three exchangeable members: variance 2/3, covariance −1/3.
    let shared = crate::common::world(
        r#"
            prompts = 1
            answers = 1
            budget = { features = ["a", "b", "c"], total = 6.0 }
            [features]
            a = {}
            b = {}
            c = {}
        "#,
        1,
    );
    let (mu, sigma) = shared.blueprint().moments().expect("finite");
    assert_all_close("means", &mu, &[2.0; 3], 1e-15);
    assert_all_close(
        "budget",
        &[sigma.at(0, 0), sigma.at(0, 1), sigma.at(2, 1)],
        &[2.0 / 3.0, -1.0 / 3.0, -1.0 / 3.0],
        1e-15,
    );
}

#[test]
fn no_moments_where_they_are_infinite() {
    let none = [
        "x = { tail = { student_t = { df = 2 } } }",
        "x = { tail = { student_t = { df = 1 } } }",
        "x = { tail = { student_t = { df = 0.5 } } }",
        "x = { tail = { log_normal = { sigma = 20.0 } } }",
        // Finite, but its fourth moment has no closed form here.
        "x = { curvature = 1.0, tail = { student_t = { df = 9 } } }",
    ];
    for x in none {
        let toml = format!("prompts = 1\nanswers = 2\n[features]\na = {{}}\n{x}");
        assert!(world(&toml, 1).blueprint().moments().is_none(), "{x}");
        let shared =
            format!("prompts = 1\nanswers = 2\nbudget.features = [\"a\", \"x\"]\n[features]\na = {{}}\n{x}");
        assert!(world(&shared, 1).blueprint().moments().is_none(), "shared: {x}");
    }
    assert!(
        world("prompts = 1\nanswers = 2\nfeatures.x.tail.student_t.df = 2.1", 1)
            .blueprint()
            .moments()
            .is_some()
    );
    // A normal square in a budget with a member that is not normal.
    let toml = r#"
        prompts = 1
        answers = 2
        budget.features = ["a", "x"]
        [features]
        a = { curvature = 1.0 }
        x = { tail = { student_t = { df = 9 } } }
    "#;
    assert!(world(toml, 1).blueprint().moments().is_none());
}

#[test]
fn a_budget_is_kept() {
    let world = world(BUDGET, 7);
    let [a, b, c] = ["a", "b", "c"].map(|name| column(&world, name));
    for ((a, b), c) in a.iter().zip(b).zip(c) {
        assert_close("total", a + b + c, 2.0, 1e-13);
    }
    // Squares are of the shared values, less their mean.
    let (mu, sigma) = world.blueprint().moments().expect("finite");
    let second = sigma.at(0, 0) + mu[0] * mu[0];
    for (x, squared) in a.iter().zip(column(&world, "a_squared")) {
        assert_close("square", *squared, x * x - second, 1e-12);
    }
}

#[test]
fn additions_change_no_other_bits() {
    let base = r"
        prompts = 3
        answers = 50
        [features]
        a = { correlation = { b = 0.5 } }
        b = {}
        t = { tail = { student_t = { df = 3 } } }
    ";
    let before = world(base, 4);
    let more = [
        base.replace("prompts = 3", "prompts = 5"),
        base.replace("[features]", "[features]\nfirst = { curvature = 1.0 }"),
        base.replace("[features]", "[features]\nfirst = { tail = { log_normal = { sigma = 1.0 } } }"),
        format!("{base}\nlast = {{ count = 4, correlation = {{ a = 0.3 }} }}"),
        base.replace("b = {}", "b = { curvature = 2.0 }"),
    ];
    for toml in more {
        let after = world(&toml, 4);
        for name in ["a", "b", "t"] {
            assert_eq!(column(&before, name), &column(&after, name)[..150], "{name} in {toml}");
        }
    }
    // Fewer candidates are the first of more.
    let fewer = world(&base.replace("answers = 50", "answers = 20"), 4);
    assert_eq!(column(&fewer, "t")[20..40], column(&before, "t")[50..70]);
    // Another seed is another world, and so is another prompt.
    assert_ne!(column(&world(base, 5), "t"), column(&before, "t"));
    assert_ne!(column(&before, "t")[..50], column(&before, "t")[50..100]);
}

#[test]
fn gold_shapes_no_draw() {
    let config = |toml: &str| WorldConfig::Answers(toml::from_str(toml).expect("valid TOML"));
    let changed = RICH.replace("1.0", "-7.5").replace("-0.5", "0.0").replace("0.25", "0.0");
    assert_eq!(config(RICH).shape(), config(&changed).shape());
    assert_eq!(world(RICH, 1).mdp.features, world(&changed, 1).mdp.features);
    // Everything else does, and a curvature that is not given has no column.
    for other in [
        RICH.replace("0.6", "0.5"),
        RICH.replace("count = 3", "count = 2"),
        RICH.replace("df = 9", "df = 8"),
        RICH.replace(", curvature = 0.25", ""),
        RICH.replace("16384", "16383"),
    ] {
        assert_ne!(config(RICH).shape(), config(&other).shape());
    }
    assert_ne!(config(BUDGET).shape(), config(&BUDGET.replace("2.0", "1.0")).shape());
}

#[test]
fn filling_in_by_correlation() {
    // E[b | a] = ρa for standard normals: S = (w_a + ρ·w_b)·a.
    let world = world(
        r"
            prompts = 1
            answers = 100
            [features]
            a = { gold = 1.0, correlation = { b = 0.6 } }
            b = { gold = -0.5 }
        ",
        1,
    );
    let filled = overseer("hidden = [\"b\"]\nunseen = \"reference\"", &world);
    assert_all_close("beliefs", &filled.beliefs.weights, &[1.0 - 0.5 * 0.6, 0.0], 1e-15);
    assert_eq!(filled.beliefs.constant, 0.0);
    let nothing = overseer("hidden = [\"b\"]", &world);
    assert_eq!(nothing.beliefs.weights, [1.0, 0.0]);
    for o in [filled, nothing] {
        assert_eq!(o.seeing_everything.weights, [1.0, -0.5]);
    }
}

#[test]
fn filling_in_with_means() {
    // Two of three share a budget of 3: (a, b) is normal with means 1.5, variance ½ and
    // correlation −1 whatever c is; c stands apart with the mean of its tail.
    let world = world(
        r#"
            prompts = 1
            answers = 2
            budget = { features = ["a", "b"], total = 3.0 }
            [features]
            a = { gold = 2.0 }
            b = { gold = 5.0 }
            c = { gold = 4.0, tail = { log_normal = { sigma = 0.5 } } }
        "#,
        1,
    );
    let o = overseer("hidden = [\"b\", \"c\"]\nunseen = \"reference\"", &world);
    // 2a + 5(3 − a) + 4·E c
    let mean_c = libm::expm1(0.125);
    assert_all_close("beliefs", &o.beliefs.weights, &[-3.0, 0.0, 0.0], 1e-12);
    assert_close("constant", o.beliefs.constant, 15.0 + 4.0 * mean_c, 1e-12);
}

#[test]
fn a_budget_gives_one_hidden_member_away() {
    let toml = r#"
        prompts = 2
        answers = 500
        budget = { features = ["a", "s"], total = -1.5 }
        [features]
        a = { gold = 1.0 }
        s = { gold = -0.7, count = 3, tail = { student_t = { df = 5 } } }
        free = { gold = 0.3 }
    "#;
    let world = world(toml, 2);
    for hidden in ["a", "s_2"] {
        let o = overseer(
            &format!("hidden = [\"{hidden}\"]\nunseen = \"reference\"\nbelieves = {{ s_1 = 2.0 }}"),
            &world,
        );
        assert_all_close("S", &believed(&o, &world), &o.seeing_everything.of(&world).table, 1e-9);
    }
    // Two hidden members of different worth are not given away.
    let o = overseer("hidden = [\"a\", \"s_2\"]\nunseen = \"reference\"", &world);
    let apart = believed(&o, &world)
        .iter()
        .zip(o.seeing_everything.of(&world).table)
        .any(|(x, y)| (x - y).abs() > 0.1);
    assert!(apart);
}

#[test]
fn filling_in_is_the_best_linear_prediction() {
    // The residual S_full − S has mean 0 and is uncorrelated with everything seen: from the law's
    // moments, so exactly. Hiding a feature hides its square.
    let cases: [(&str, &[&str], &[&str]); 3] = [
        (RICH, &["b", "heavy"], &["b", "b_squared", "heavy"]),
        (RICH, &["style", "skewed"], &["style", "skewed"]),
        (BUDGET, &["a", "other"], &["a", "a_squared", "other", "other_squared"]),
    ];
    for (toml, hidden, unseen) in cases {
        let world = world(&toml.replace("16384", "2"), 1);
        let o = overseer(&format!("hidden = {hidden:?}\nunseen = \"reference\""), &world);
        let (mu, sigma) = world.blueprint().moments().expect("finite");
        let columns = 0..mu.len();
        let gap: Vec<f64> =
            columns.clone().map(|j| o.seeing_everything.weights[j] - o.beliefs.weights[j]).collect();
        let bias = gap.iter().zip(&mu).map(|(g, m)| g * m).sum::<f64>() - o.beliefs.constant;
        assert_close("bias", bias, 0.0, 1e-12);
        let unseen: Vec<usize> = unseen.iter().flat_map(|name| world.blueprint().columns_of(name)).collect();
        assert!(unseen.iter().all(|&j| o.beliefs.weights[j] == 0.0));
        for seen in columns.clone().filter(|j| !unseen.contains(j)) {
            let covariance: f64 = columns.clone().map(|j| gap[j] * sigma.at(j, seen)).sum();
            assert_close(&format!("residual with {}", world.names()[seen]), covariance, 0.0, 1e-12);
        }
    }
}

#[test]
fn names_address_columns() {
    let world = world(RICH, 1);
    assert_eq!(world.blueprint().columns_of("style"), [3, 4, 5]);
    assert_eq!(world.blueprint().columns_of("style_2"), [4]);
    assert_eq!(world.blueprint().columns_of("b_squared"), [2]);
    assert!(world.blueprint().columns_of("nobody").is_empty());
    // Who cannot see x cannot see x².
    assert_eq!(
        overseer("hidden = [\"b\"]", &world).beliefs.weights,
        [1.0, 0.0, 0.0, 0.1, 0.1, 0.1, 0.0, 0.0]
    );
    assert_eq!(overseer("hidden = [\"b_squared\"]", &world).beliefs.weights[1..3], [-0.5, 0.0]);
    // A counted name stands for its copies, a copy's for itself.
    let o = overseer("believes = { style = 0.8, a = 0.0 }", &world);
    assert_eq!(o.beliefs.weights, [0.0, -0.5, 0.25, 0.8, 0.8, 0.8, 0.0, 0.0]);
    assert_eq!(overseer("believes = { style_2 = -1.0 }", &world).beliefs.weights[3..6], [0.1, -1.0, 0.1]);
    assert_eq!(overseer("hidden = [\"style\"]", &world).beliefs.weights[3..6], [0.0; 3]);
}

#[test]
fn squares_of_counted_features() {
    let toml = r"
        prompts = 1
        answers = 9
        [features]
        s = { gold = 1.0, curvature = -2.0, count = 2 }
        z = { gold = 3.0 }
    ";
    let world = world(toml, 1);
    // Copies first, then their squares.
    assert_eq!(world.names(), ["s_1", "s_2", "s_1_squared", "s_2_squared", "z"]);
    assert_eq!(world.blueprint().columns_of("s_squared"), [2, 3]);
    assert_eq!(overseer("hidden = [\"s\"]", &world).beliefs.weights, [0.0, 0.0, 0.0, 0.0, 3.0]);
    assert_eq!(overseer("believes = { s_squared = 0.0 }", &world).beliefs.weights, [1.0, 1.0, 0.0, 0.0, 3.0]);
    for (x, squared) in column(&world, "s_2").iter().zip(column(&world, "s_2_squared")) {
        assert_close("x² − 1", *squared, x * x - 1.0, 1e-15);
    }
}

#[test]
fn an_error_is_drawn_once_per_trial() {
    // 400 copies: a mean square error of sd² ± 5·sd²·√(2/400).
    let world = world("prompts = 1\nanswers = 1\n[features]\na = { gold = 1.0 }\ns = { count = 400 }", 1);
    let exact = overseer("", &world);
    let erring = overseer("error = 0.5", &world);
    let errors: Vec<f64> =
        erring.beliefs.weights.iter().zip(&exact.beliefs.weights).map(|(x, y)| x - y).collect();
    let square = errors.iter().map(|e| e * e).sum::<f64>() / 401.0;
    assert_close("mean square", square, 0.25, 5.0 * 0.25 * (2.0f64 / 401.0).sqrt());
    assert_eq!(erring.beliefs, overseer("error = 0.5", &world).beliefs);
    assert_eq!(erring.beliefs, erring.seeing_everything);
    // Twice the error is twice the same one.
    let twice = overseer("error = 1.0", &world);
    assert_close("scale", twice.beliefs.weights[7], 2.0 * errors[7], 1e-15);
}
