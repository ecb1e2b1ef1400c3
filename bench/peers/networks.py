"""PyTorch's side of the race of training steps.

Builds the networks that the Rust side builds, with the same sizes and batches of made-up data, and
prints milliseconds per step as one JSON list.

    python networks.py THREADS SECONDS [PREFIX]
"""

import json
import sys
import time

import torch
from torch import nn


class Classifier(nn.Module):
    """A multilayer perceptron: 64 inputs, two hidden layers of 256, 8 classes."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 8)
        )

    def forward(self, x):
        return self.layers(x)


class Recurrent(nn.Module):
    """One LSTM layer whose last hidden state is classified."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(32, 128, batch_first=True)
        self.head = nn.Linear(128, 8)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class TextCnn(nn.Module):
    """Kim (2014): embeddings, filters of widths 3, 4 and 5, the largest value of each."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20_000, 100)
        self.convolutions = nn.ModuleList(nn.Conv1d(100, 100, width) for width in (3, 4, 5))
        self.head = nn.Linear(300, 2)

    def forward(self, ids):
        x = self.embedding(ids).transpose(1, 2)
        pooled = [torch.relu(c(x)).amax(dim=2) for c in self.convolutions]
        return self.head(torch.cat(pooled, dim=1))


class Encoder(nn.Module):
    """Six layers of a BERT-shaped encoder; the mean of all steps is classified."""

    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(
            384, 12, 1536, dropout=0.0, activation="gelu", batch_first=True
        )
        self.layers = nn.TransformerEncoder(layer, 6, enable_nested_tensor=False)
        self.head = nn.Linear(384, 8)

    def forward(self, x):
        return self.head(self.layers(x).mean(dim=1))


def training_step(model, inputs, classes):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    loss_of = nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad()
        loss = loss_of(model(inputs), classes)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def inference_step(model, inputs):
    model.eval()

    def step():
        with torch.inference_mode():
            return model(inputs).sum().item()

    return step


def race(step, seconds):
    """Milliseconds of each step within the given time, after a few that do not count."""
    for _ in range(3):
        step()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1e3)
    return times


def main():
    n_threads, seconds = int(sys.argv[1]), float(sys.argv[2])
    prefix = sys.argv[3] if len(sys.argv) > 3 else ""
    torch.set_num_threads(n_threads)
    torch.manual_seed(1)
    sequences = torch.randn(32, 64, 384)
    steps = {
        "mlp": training_step(Classifier(), torch.randn(512, 64), torch.randint(8, (512,))),
        "lstm": training_step(Recurrent(), torch.randn(128, 50, 32), torch.randint(8, (128,))),
        "text_cnn": training_step(
            TextCnn(), torch.randint(20_000, (64, 64)), torch.randint(2, (64,))
        ),
        "encoder": training_step(Encoder(), sequences, torch.randint(8, (32,))),
        "encoder_inference": inference_step(Encoder(), sequences),
    }
    runs = []
    for name, step in steps.items():
        if not name.startswith(prefix):
            continue
        times = sorted(race(step, seconds))
        runs.append({"name": name, "min_ms": times[0], "median_ms": times[len(times) // 2]})
    print(json.dumps({"version": torch.__version__, "runs": runs}))


if __name__ == "__main__":
    main()
