//! The page of a run and the index of runs, as text.

use oversight::show::report::{Entry, MARKER, Picture, evidence, index, page};
use oversight::study::claims::{Control, Judgement, Verdict};
use oversight::study::config::{ClaimKind, Overrides};
use oversight::study::experiments::experiments;
use oversight::study::plan::Plan;
use oversight::study::results::Results;

const HOSTILE: &str = r#"
name = "hostile"
title = "<script>alert('x')</script> & more"
about = "A <b>bold</b> \"question\"; see `gold`.\n\nA second paragraph."
seeds = 3
[world.answers]
prompts = 1
answers = 50
features = { a = { gold = 1.0 }, b = {} }
[sweep]
"feedback.labels" = [5, 20]
[variants.control]
overseer.hidden = ["b"]
[[figures]]
name = "one"
x = "pressure"
y = ["gold", "feature.a"]
by = "variant"
where = { "feedback.labels" = "last" }
"#;

fn plan(name: &str, config: &str, sets: &[String]) -> Plan {
    let sets = sets.to_vec();
    let overrides = Overrides { sets, quick: false, seeds: None, ..Overrides::default() };
    Plan::read(name, config.as_bytes(), &overrides).unwrap_or_else(|e| panic!("{e}"))
}

fn report(plan: &Plan, judgements: &[Judgement], figures: &[Picture]) -> String {
    let rows: Vec<_> = (0..plan.experiment.seeds).flat_map(|s| plan.seed(s, || true).unwrap()).collect();
    page(&Results::new(plan, &rows), None, judgements, figures)
}

fn judgements() -> Vec<Judgement> {
    let one = |verdict, say: &str, holds| Judgement {
        say: say.to_owned(),
        kind: ClaimKind::Finding,
        verdict,
        tested: "gold, at the <last> pressure".to_owned(),
        quantity: "gold at labels 20 minus gold at labels 5".to_owned(),
        estimate: Some(-0.123_456),
        interval: Some([-0.2, -0.05]),
        improvement: None,
        p: Some(0.000_012),
        p_adjusted: Some(0.5),
        seeds: 3,
        needs: (verdict == Verdict::Undecided).then_some(412),
        control: Some(Control {
            at: "variant control".to_owned(),
            holds,
            estimate: Some(0.25),
            interval: None,
            p: None,
        }),
        why: format!("The grounds of {verdict}."),
    };
    vec![
        one(Verdict::Holds, "More labels < fewer.", Some(false)),
        one(Verdict::Fails, "It peaks & falls.", Some(true)),
        one(Verdict::Undecided, "Nobody knows.", None),
    ]
}

fn picture(id: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"560\" height=\"9\" role=\"img\"><title>t</title>\
         <path id=\"{id}\" d=\"M0 0\"/><use href=\"#{id}\"/><g clip-path=\"url(#{id})\"></g></svg>\n"
    )
}

/// Every tag is closed in order, every id unique, every link inside the page leads somewhere.
#[track_caller]
fn assert_well_formed(html: &str) {
    const VOID: [&str; 3] = ["meta", "img", "br"];
    let (mut open, mut ids, mut links) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = html.strip_prefix("<!DOCTYPE html>").expect("a document type");
    while let Some((_, tail)) = rest.split_once('<') {
        if let Some(comment) = tail.strip_prefix("!--") {
            rest = comment.split_once("-->").expect("a closed comment").1;
            continue;
        }
        let (tag, after) = tail.split_once('>').expect("a closed tag");
        assert!(!tag.contains('<'), "a stray < before {tag:?}");
        rest = after;
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(!name.is_empty(), "a stray < before {tag:?}");
        assert_eq!(tag.matches('"').count() % 2, 0, "unbalanced quotes in <{tag}>");
        for (start, found) in [(" id=\"", &mut ids), (" href=\"#", &mut links)] {
            let value =
                tag.split_once(start).map(|(_, v)| v.split('"').next().unwrap_or_default().to_owned());
            found.extend(value);
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_ref(), Some(&name), "</{name}>");
        } else if !tag.ends_with('/') && !VOID.contains(&name.as_str()) {
            open.push(name.clone());
        }
        if name == "style" && !tag.starts_with('/') {
            rest = &rest[rest.find("</style>").expect("a closed style")..];
        }
    }
    assert!(open.is_empty(), "not closed: {open:?}");
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id is used twice");
    assert!(links.iter().all(|link| ids.contains(link)), "a link to nowhere: {links:?}");
}

#[track_caller]
fn assert_self_contained(html: &str) {
    for start in ["<script", "src=\"http", "href=\"http", "url(http", "@import", "<link", "javascript:"] {
        assert!(!html.contains(start), "{start}");
    }
}

#[test]
fn a_page_says_everything_once_and_escapes_it() {
    let plan = plan("hostile.toml", HOSTILE, &[]);
    let words = vec![("a & b".to_owned(), vec!["x: 1 at <2>.".to_owned()])];
    let of = |name: &str| Picture { name: name.to_owned(), svg: picture("clip"), words: words.clone() };
    let figures = [of("one"), of("two")];
    let html = report(&plan, &judgements(), &figures);
    assert_eq!(html, report(&plan, &judgements(), &figures), "the same bytes");
    assert_well_formed(&html);
    assert_self_contained(&html);
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">") && html.ends_with("</html>\n"));
    for says in [
        "<h1>&lt;script&gt;alert(",
        "A &lt;b&gt;bold&lt;&#x2f;b&gt; &quot;question&quot;; see <code>gold</code>.",
        "<p>A second paragraph.</p>",
        "Of 3 findings, 1 holds, 1 fails, 1 is undecided.",
        "✓</span> holds</span> More labels &lt; fewer.",
        "✗</span> fails</span> It peaks &amp; falls.",
        "?</span> undecided</span> Nobody knows.",
        "The grounds of undecided.",
        "<strong>−0.123 [−0.200, −0.050]</strong>; gold at labels 20 minus gold at labels 5",
        "gold, at the &lt;last&gt; pressure",
        "3 seeds; p &lt; 0.0001 before correction for several claims",
        "412 seeds would settle it",
        "does not hold, as it should not; effect 0.250",
        "holds there too, and should not",
        "cannot be said",
        "<summary>Figure 2 in words</summary>",
        "<h3>a &amp; b</h3>",
        "<li>x: 1 at &lt;2&gt;.</li>",
        "id=\"two-clip\"",
        "url(#one-clip)",
        "<th scope=\"col\">labels</th>",
        "<th scope=\"row\">control</th>",
        "Expected total of <code>a</code> under the policy.",
        "<span>--set &#x27;feedback.labels=[5, 10, 20]&#x27;</span>",
        "oversight verify config.toml",
        "base seed 0, repetitions 0 to 2",
        "[[figures]]",
    ] {
        assert!(html.contains(says), "{says}\n{html}");
    }
    assert!(!html.contains("<dt><code>kl</code>"), "only what is spoken of is defined");
}

#[test]
fn a_plain_run_has_a_plain_page() {
    let config = "world.answers = { answers = 30, prompts = 1, features = { a = { gold = 1 } } }\nseeds = 1";
    let html = report(&plan("plain.toml", config, &[]), &[], &[]);
    assert_well_formed(&html);
    assert!(html.contains("<h1>plain</h1>") && html.contains("values of one seed"));
    for absent in ["id=\"claims\"", "id=\"figures\"", "verify", "#claims"] {
        assert!(!html.contains(absent), "{absent}");
    }
}

#[test]
fn what_a_narrowed_run_cannot_draw_is_said() {
    let slope = HOSTILE.replace("[[figures]]", "[[figures]]\nslope = { along = \"pressure\" }");
    let slope = slope.replace("x = \"pressure\"", "kind = \"bars\"\nx = \"feedback.labels\"");
    let slope = slope.replace("where = { \"feedback.labels\" = \"last\" }", "");
    let said = |sets: &[String]| report(&plan("hostile.toml", &slope, sets), &[], &[]);
    let note = "Not here: the figure <code>one</code>";
    assert!(!said(&[]).contains("Not here"));
    let narrow = said(&["optimizer.best_of_n.n=4".to_owned()]);
    assert_well_formed(&narrow);
    assert!(narrow.contains(note), "{narrow}");
}

#[test]
fn seeds_that_were_looked_at_are_no_evidence() {
    let said = |sets: &[&str]| {
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        evidence(&plan("hostile.toml", HOSTILE, &sets).experiment)
    };
    assert_eq!(said(&[]), "Claims are tested on 3 seeds.");
    assert!(said(&["looked_at=[0, 1]", "seed=3"]).ends_with("when they were final; 0, 1 were looked at."));
    assert!(said(&["looked_at=[0]", "seed=0"]).ends_with("final: that is no evidence for them."));
}

#[test]
fn long_tables_stop_and_say_so() {
    let levels: Vec<String> = (1..=45).map(|n| n.to_string()).collect();
    let config = format!(
        "world.answers = {{ answers = 20, prompts = 1, features = {{ a = {{ gold = 1 }} }} }}\nseeds = 1\n\
         optimizer.best_of_n.n = 4\n[sweep]\n\"feedback.labels\" = [{}]",
        levels.join(", ")
    );
    let html = report(&plan("long.toml", &config, &[]), &[], &[]);
    assert_eq!(html.matches("<th scope=\"row\">").count(), 40);
    assert!(html.contains("5 more cells are in <code>summary.csv</code>"));
}

/// Whatever a report of a built-in experiment suggests to type can be typed.
#[test]
fn suggested_commands_run() {
    for (name, config) in experiments() {
        let experiment = plan(&format!("{name}.toml"), config, &["seeds=1".to_owned()]);
        let html = page(&Results::new(&experiment, &[]), None, &judgements(), &[]);
        assert_well_formed(&html);
        let ways = html.split("<dt><code><span>").skip(1).map(|way| way.split("</code>").next().unwrap());
        let ways: Vec<&str> = ways.collect();
        assert!((4..=5).contains(&ways.len()), "{ways:?}");
        for way in ways {
            assert!(way.contains("config.toml"), "{way}");
            let way = way.replace("&#x27;", "").replace("<span>", "").replace("</span>", "\n");
            let sets = way.lines().filter_map(|part| part.trim().strip_prefix("--set ")).map(str::to_owned);
            plan(&format!("{name}.toml"), config, &sets.collect::<Vec<_>>());
        }
    }
}

#[test]
fn an_index_links_to_reports() {
    let entry = Entry {
        name: "a run".to_owned(),
        title: "<i>Title</i>".to_owned(),
        about: "First sentence. Second sentence.".to_owned(),
        seeds: 100,
        claims: [2, 0, 1],
        picture: Some("figures/x.svg".to_owned()),
    };
    let html = index(&[entry, Entry { name: "bare".to_owned(), seeds: 1, ..Entry::default() }]);
    assert_well_formed(&html);
    assert_self_contained(&html);
    for says in [
        MARKER,
        "href=\"a%20run/report.html\"",
        "src=\"a%20run/figures/x.svg\"",
        "&lt;i&gt;Title&lt;&#x2f;i&gt;",
        "<p>First sentence.</p>",
        "100 seeds. Of 3 claims, 2 hold, 1 is undecided.",
        "bare: 1 seed. No claims.",
    ] {
        assert!(html.contains(says), "{says}\n{html}");
    }
    assert_well_formed(&index(&[]));
}
