//! Races our searches against Optuna's on ten known functions: the same functions, the same number of
//! trials and of seeds, one after the other in one run.
//!
//! ```text
//! cargo run --release -p rapport-learn --example search_functions -- [--only NAME,...] [--trials N] [--seeds N] [--python PATH|none]
//! ```
//! Without `--python` it uses `~/.cache/rapport/venv`, which it makes on first use from
//! `bench/peers/requirements.txt`.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::f64::consts::{E, PI, TAU};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use rapport_learn::search::{
    Assignment, Budget, Domain, Sampler, SearchParams, Space, TpeParams, Value,
};
use rapport_learn::{Cancellation, Check, Context, Silent, map_parts};
use rapport_testing::peers;

/// Best losses so far, by seed and trial.
type Curves = Vec<Vec<f64>>;

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::from_args()?;
    println!(
        "regret after {} trials (mean of {} seeds) and, in brackets, on average along the way",
        options.n_trials, options.n_seeds
    );
    let mut functions = functions();
    functions.retain(|function| options.wants(function.name));
    let peer = match &options.python {
        Some(python) if python.as_os_str() == "none" => None,
        python => Some(run_peer(python.as_deref(), &functions, &options)?),
    };
    if let Some(peer) = &peer {
        require_equal_functions(&functions, peer)?;
    }
    print_head();
    let (mut n_wins, mut seconds) = (0, 0.0);
    for function in &functions {
        let start = Instant::now();
        let ours = run_ours(function, Sampler::Auto, &options)?;
        seconds += start.elapsed().as_secs_f64();
        let tpe = run_ours(function, Sampler::Tpe(TpeParams::default()), &options)?;
        let random = run_ours(function, Sampler::Random, &options)?;
        let columns = [
            Some(Regret::of(&ours, function)),
            Some(Regret::of(&tpe, function)),
            peer.as_ref()
                .map(|peer| Regret::of(&peer.curves[function.name], function)),
            Some(Regret::of(&random, function)),
        ];
        if let (Some(ours), Some(theirs)) = (columns[0], columns[2]) {
            n_wins += u32::from(ours.at_end <= theirs.at_end);
        }
        print_row(function.name, columns);
    }
    println!("\nour auto took {seconds:.1} s");
    if let Some(peer) = peer {
        println!(
            "Optuna {} took {:.1} s; ours is no worse at the end on {n_wins} of {}",
            peer.version,
            peer.seconds,
            functions.len()
        );
    }
    Ok(())
}

struct Options {
    n_trials: u64,
    n_seeds: u64,
    /// Functions to race on, divided by commas; all when empty.
    only: String,
    python: Option<PathBuf>,
}

impl Options {
    fn from_args() -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            n_trials: 100,
            n_seeds: 20,
            only: String::new(),
            python: None,
        };
        let mut args = env::args().skip(1);
        while let Some(name) = args.next() {
            let value = args.next().ok_or(format!("{name} needs a value"))?;
            match name.as_str() {
                "--trials" => options.n_trials = value.parse()?,
                "--seeds" => options.n_seeds = value.parse()?,
                "--only" => options.only = value,
                "--python" => options.python = Some(value.into()),
                _ => return Err(format!("unknown option {name}").into()),
            }
        }
        Ok(options)
    }

    fn wants(&self, function: &str) -> bool {
        self.only.is_empty() || self.only.split(',').any(|name| name == function)
    }
}

struct Function {
    name: &'static str,
    space: Space,
    minimum: f64,
    loss: fn(&Assignment) -> f64,
}

/// The functions of Surjanovic & Bingham's virtual library, and one of our own with categories.
fn functions() -> Vec<Function> {
    let function = |name, space, minimum, loss| Function {
        name,
        space,
        minimum,
        loss,
    };
    vec![
        function(
            "branin",
            Space::new().real("x0", -5.0, 10.0).real("x1", 0.0, 15.0),
            0.397_887_357_729_738,
            |p| branin(&place(p)),
        ),
        function(
            "hartmann6",
            cube(6, 0.0, 1.0),
            -3.322_368_011_391_339,
            |p| hartmann(&place(p), &HARTMANN6),
        ),
        function("hartmann3", cube(3, 0.0, 1.0), -3.862_779_786_949_76, |p| {
            hartmann(&place(p), &HARTMANN3)
        }),
        function("rosenbrock4", cube(4, -5.0, 10.0), 0.0, |p| {
            rosenbrock(&place(p))
        }),
        function("ackley5", cube(5, -32.768, 32.768), 0.0, |p| {
            ackley(&place(p))
        }),
        function("levy4", cube(4, -10.0, 10.0), 0.0, |p| levy(&place(p))),
        function("griewank5", cube(5, -600.0, 600.0), 0.0, |p| {
            griewank(&place(p))
        }),
        function(
            "styblinski_tang4",
            cube(4, -5.0, 5.0),
            4.0 * -39.166_165_703_771_42,
            |p| styblinski_tang(&place(p)),
        ),
        function(
            "six_hump_camel",
            Space::new().real("x0", -3.0, 3.0).real("x1", -2.0, 2.0),
            -1.031_628_453_489_877,
            |p| six_hump_camel(&place(p)),
        ),
        function("mixed", mixed_space(), 0.1, mixed),
    ]
}

fn cube(n_dimensions: usize, low: f64, high: f64) -> Space {
    (0..n_dimensions).fold(Space::new(), |space, idx| {
        space.real(&format!("x{idx}"), low, high)
    })
}

/// `x0`, `x1`, ... as a list.
fn place(parameters: &Assignment) -> Vec<f64> {
    (0..)
        .map_while(|idx| parameters.real(&format!("x{idx}")))
        .collect()
}

fn branin(x: &[f64]) -> f64 {
    let bend = x[1] - 5.1 / (4.0 * PI * PI) * x[0] * x[0] + 5.0 / PI * x[0] - 6.0;
    bend * bend + 10.0 * (1.0 - 1.0 / (8.0 * PI)) * x[0].cos() + 10.0
}

/// Heights, and per valley the steepness and the place of every coordinate.
struct Hartmann<const D: usize> {
    steepness: [[f64; D]; 4],
    places: [[f64; D]; 4],
}

const HARTMANN3: Hartmann<3> = Hartmann {
    steepness: [
        [3.0, 10.0, 30.0],
        [0.1, 10.0, 35.0],
        [3.0, 10.0, 30.0],
        [0.1, 10.0, 35.0],
    ],
    places: [
        [0.3689, 0.1170, 0.2673],
        [0.4699, 0.4387, 0.7470],
        [0.1091, 0.8732, 0.5547],
        [0.0381, 0.5743, 0.8828],
    ],
};

const HARTMANN6: Hartmann<6> = Hartmann {
    steepness: [
        [10.0, 3.0, 17.0, 3.5, 1.7, 8.0],
        [0.05, 10.0, 17.0, 0.1, 8.0, 14.0],
        [3.0, 3.5, 1.7, 10.0, 17.0, 8.0],
        [17.0, 8.0, 0.05, 10.0, 0.1, 14.0],
    ],
    places: [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ],
};

fn hartmann<const D: usize>(x: &[f64], shape: &Hartmann<D>) -> f64 {
    let heights = [1.0, 1.2, 3.0, 3.2];
    let valleys = heights.iter().zip(&shape.steepness).zip(&shape.places);
    let depth = |((height, steepness), places): ((&f64, &[f64; D]), &[f64; D])| {
        let coordinates = steepness.iter().zip(places).zip(x);
        let distance: f64 = coordinates.map(|((a, p), x)| a * (x - p).powi(2)).sum();
        height * (-distance).exp()
    };
    -valleys.map(depth).sum::<f64>()
}

fn rosenbrock(x: &[f64]) -> f64 {
    x.windows(2)
        .map(|pair| 100.0 * (pair[1] - pair[0] * pair[0]).powi(2) + (pair[0] - 1.0).powi(2))
        .sum()
}

fn ackley(x: &[f64]) -> f64 {
    let n = x.len() as f64;
    let radius = (x.iter().map(|x| x * x).sum::<f64>() / n).sqrt();
    let waves = x.iter().map(|x| (TAU * x).cos()).sum::<f64>() / n;
    -20.0 * (-0.2 * radius).exp() - waves.exp() + 20.0 + E
}

fn levy(x: &[f64]) -> f64 {
    let w: Vec<f64> = x.iter().map(|x| 1.0 + (x - 1.0) / 4.0).collect();
    let (last, others) = w.split_last().expect("there are coordinates");
    let middle: f64 = others
        .iter()
        .map(|w| (w - 1.0).powi(2) * (1.0 + 10.0 * (PI * w + 1.0).sin().powi(2)))
        .sum();
    (PI * w[0]).sin().powi(2) + middle + (last - 1.0).powi(2) * (1.0 + (TAU * last).sin().powi(2))
}

fn griewank(x: &[f64]) -> f64 {
    let bowl: f64 = x.iter().map(|x| x * x / 4000.0).sum();
    let waves: f64 = (1..)
        .zip(x)
        .map(|(idx, x)| (x / f64::from(idx).sqrt()).cos())
        .product();
    bowl - waves + 1.0
}

fn styblinski_tang(x: &[f64]) -> f64 {
    x.iter()
        .map(|x| 0.5 * (x.powi(4) - 16.0 * x * x + 5.0 * x))
        .sum()
}

fn six_hump_camel(x: &[f64]) -> f64 {
    let (a, b) = (x[0] * x[0], x[1] * x[1]);
    (4.0 - 2.1 * a + a * a / 3.0) * a + x[0] * x[1] + (-4.0 + 4.0 * b) * b
}

fn mixed_space() -> Space {
    Space::new()
        .category("model", &["linear", "trees", "net"])
        .log_real("penalty", 1e-6, 1e2)
        .when("model", &["linear"])
        .category("norm", &["l1", "l2"])
        .when("model", &["linear"])
        .log_integer("n_trees", 10, 1000)
        .when("model", &["trees"])
        .integer("depth", 2, 12)
        .when("model", &["trees"])
        .log_real("shrinkage", 1e-3, 1.0)
        .when("model", &["trees"])
        .integer("n_layers", 1, 6)
        .when("model", &["net"])
        .log_real("learning_rate", 1e-5, 1e-1)
        .when("model", &["net"])
        .real("dropout", 0.0, 0.8)
        .when("model", &["net"])
}

/// The loss of three made-up models; trees are best when many learn slowly or few fast.
fn mixed(p: &Assignment) -> f64 {
    let real = |name| p.real(name).expect("the parameter exists for this model");
    let integer = |name| {
        p.integer(name)
            .expect("the parameter exists for this model") as f64
    };
    match p.category("model") {
        Some("linear") => {
            let by_norm = if p.category("norm") == Some("l1") {
                0.01
            } else {
                0.0
            };
            0.22 + 0.01 * (real("penalty").log10() + 1.0).powi(2) + by_norm
        }
        Some("trees") => {
            let (n, rate) = (integer("n_trees").log10(), real("shrinkage").log10());
            0.1 + 0.05 * (n + rate - 1.0).powi(2)
                + 0.02 * (n - 2.0).powi(2)
                + 0.004 * (integer("depth") - 6.0).powi(2)
        }
        _ => {
            0.13 + 0.03 * (real("learning_rate").log10() + 3.0).powi(2)
                + 0.01 * (integer("n_layers") - 3.0).powi(2)
                + 0.2 * (real("dropout") - 0.2).powi(2)
        }
    }
}

fn run_ours(
    function: &Function,
    sampler: Sampler,
    options: &Options,
) -> Result<Curves, Box<dyn Error>> {
    let params = SearchParams {
        sampler,
        ..SearchParams::new(function.space.clone(), Budget::trials(options.n_trials))
    }
    .check()?;
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let seeds: Vec<u64> = (0..options.n_seeds).collect();
    Ok(map_parts(threads, seeds.into_iter(), |seed| {
        let cancel = Cancellation::default();
        let mut study = params.clone().start(&Context::new(seed, &Silent, &cancel));
        let mut curve = Vec::new();
        let mut best = f64::INFINITY;
        while let Some(trial) = study.ask() {
            let loss = (function.loss)(&trial.parameters);
            study
                .tell(trial.id, loss.into())
                .expect("the trial was just asked for");
            best = best.min(loss);
            curve.push(best);
        }
        curve
    }))
}

#[derive(serde::Deserialize)]
struct Peer {
    version: String,
    seconds: f64,
    curves: BTreeMap<String, Curves>,
    /// The loss in the middle of each space of numbers.
    middles: BTreeMap<String, f64>,
}

fn run_peer(
    python: Option<&Path>,
    functions: &[Function],
    options: &Options,
) -> Result<Peer, Box<dyn Error>> {
    let printed = peers::output(python, "search.py", |command| {
        command
            .args([options.n_trials, options.n_seeds].map(|number| number.to_string()))
            .args(functions.iter().map(|function| function.name));
    })?;
    Ok(serde_json::from_slice(&printed)?)
}

/// A race on different functions would be none.
fn require_equal_functions(functions: &[Function], peer: &Peer) -> Result<(), Box<dyn Error>> {
    for function in functions {
        let Some(theirs) = peer.middles.get(function.name) else {
            continue;
        };
        let ours = (function.loss)(&middle(&function.space));
        if (ours - theirs).abs() > 1e-9 * theirs.abs().max(1.0) {
            return Err(format!("{}: {ours} here, {theirs} there", function.name).into());
        }
    }
    Ok(())
}

fn middle(space: &Space) -> Assignment {
    let middle_of = |domain: &Domain| match domain {
        Domain::Real { low, high } => Value::Real(0.5 * (low + high)),
        other => unreachable!("{other:?} has no middle"),
    };
    let dimensions = space.dimensions().iter();
    Assignment(
        dimensions
            .map(|dimension| (dimension.name.clone(), middle_of(&dimension.domain)))
            .collect(),
    )
}

/// How far above the minimum a search ends, and stays on average.
#[derive(Clone, Copy)]
struct Regret {
    at_end: f64,
    along_the_way: f64,
}

impl Regret {
    fn of(curves: &Curves, function: &Function) -> Self {
        let n = curves.len() as f64;
        let last = |curve: &Vec<f64>| curve.last().expect("there is a trial") - function.minimum;
        let mean =
            |curve: &Vec<f64>| curve.iter().sum::<f64>() / curve.len() as f64 - function.minimum;
        Self {
            at_end: curves.iter().map(last).sum::<f64>() / n,
            along_the_way: curves.iter().map(mean).sum::<f64>() / n,
        }
    }
}

fn print_head() {
    println!(
        "\n{:<17} {:>22} {:>22} {:>22} {:>22}",
        "", "ours, auto", "ours, TPE", "Optuna's TPE", "random"
    );
}

fn print_row(name: &str, columns: [Option<Regret>; 4]) {
    print!("{name:<17}");
    for column in columns {
        match column {
            Some(regret) => print!(" {:>10.4} ({:>9.3})", regret.at_end, regret.along_the_way),
            None => print!(" {:>22}", "-"),
        }
    }
    println!();
}
