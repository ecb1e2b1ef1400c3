"""Python's side of the race of sentence encoders.

Reads texts, one per line, from standard input and embeds them with the weights of all-MiniLM-L6-v2
written out in PyTorch, and with ONNX Runtime from the same network. Prints one JSON object: the rows
of PyTorch, the smallest cosine of ONNX Runtime's rows with them, and seconds for all texts from text to
row, best of some rounds.

    python minilm.py MODEL_FOLDER THREADS SECONDS < texts
"""

import contextlib
import json
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.transformers import optimizer
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn

BATCH = 64
N_HEADS, D_MODEL = 12, 384


class Layer(nn.Module):
    def __init__(self, tensors, name):
        super().__init__()

        def linear(part):
            weight, bias = tensors[f"{name}.{part}.weight"], tensors[f"{name}.{part}.bias"]
            module = nn.Linear(weight.shape[1], weight.shape[0])
            module.weight, module.bias = nn.Parameter(weight), nn.Parameter(bias)
            return module

        self.query, self.key, self.value = (
            linear(f"attention.self.{part}") for part in ("query", "key", "value")
        )
        self.attended = linear("attention.output.dense")
        self.attended_norm = norm(tensors, f"{name}.attention.output.LayerNorm")
        self.middle, self.output = linear("intermediate.dense"), linear("output.dense")
        self.output_norm = norm(tensors, f"{name}.output.LayerNorm")

    def forward(self, x, unseen):
        n_batch, n_steps = x.shape[0], x.shape[1]

        def heads(rows):
            return rows.view(n_batch, n_steps, N_HEADS, D_MODEL // N_HEADS).transpose(1, 2)

        query, key, value = heads(self.query(x)), heads(self.key(x)), heads(self.value(x))
        scores = query @ key.transpose(2, 3) / (D_MODEL // N_HEADS) ** 0.5 + unseen
        attended = (scores.softmax(-1) @ value).transpose(1, 2).reshape(n_batch, n_steps, D_MODEL)
        x = self.attended_norm(x + self.attended(attended))
        return self.output_norm(x + self.output(nn.functional.gelu(self.middle(x))))


class Encoder(nn.Module):
    def __init__(self, folder):
        super().__init__()
        tensors = load_file(folder / "model.safetensors")
        table = "embeddings.{}_embeddings.weight".format
        self.tokens = nn.Parameter(tensors[table("word")])
        places = tensors[table("position")] + tensors[table("token_type")][0]
        self.places = nn.Parameter(places)
        self.norm = norm(tensors, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer(tensors, f"encoder.layer.{i}") for i in range(6))

    def forward(self, ids, mask):
        x = self.norm(nn.functional.embedding(ids, self.tokens) + self.places[: ids.shape[1]])
        unseen = (1.0 - mask)[:, None, None, :] * -1e9
        for layer in self.layers:
            x = layer(x, unseen)
        rows = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return nn.functional.normalize(rows, dim=1)


def norm(tensors, name):
    module = nn.LayerNorm(D_MODEL, eps=1e-12)
    module.weight = nn.Parameter(tensors[f"{name}.weight"])
    module.bias = nn.Parameter(tensors[f"{name}.bias"])
    return module


def embed(tokenizer, texts, infer):
    """Rows of all texts in order; like lengths share a batch."""
    encoded = [e.ids for e in tokenizer.encode_batch(texts)]
    order = sorted(range(len(texts)), key=lambda text: len(encoded[text]))
    rows = np.empty((len(texts), D_MODEL), np.float32)
    for at in range(0, len(order), BATCH):
        part = order[at : at + BATCH]
        longest = max(len(encoded[text]) for text in part)
        ids = np.zeros((len(part), longest), np.int64)
        mask = np.zeros((len(part), longest), np.float32)
        for row, text in enumerate(part):
            ids[row, : len(encoded[text])] = encoded[text]
            mask[row, : len(encoded[text])] = 1.0
        rows[part] = infer(ids, mask)
    return rows


def sessions(model, n_threads, folder):
    """ONNX Runtime on the network as exported, and as its own tool for BERT rewrites it."""
    plain, fused = folder / "plain.onnx", folder / "fused.onnx"
    example = (torch.ones(2, 16, dtype=torch.int64), torch.ones(2, 16))
    dynamic = {0: torch.export.Dim("texts"), 1: torch.export.Dim("steps", max=512)}
    torch.onnx.export(
        model,
        example,
        plain,
        input_names=["ids", "mask"],
        dynamic_shapes=(dynamic, dynamic),
        dynamo=True,
        external_data=False,
        verbose=False,
    )
    optimizer.optimize_model(str(plain), "bert", N_HEADS, D_MODEL).save_model_to_file(str(fused))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = n_threads
    for path in (plain, fused):
        yield onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def best_seconds(work, seconds):
    work()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 2:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main():
    folder, n_threads, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    texts = sys.stdin.read().splitlines()
    torch.set_num_threads(n_threads)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    model = Encoder(folder).eval()

    def by_torch(ids, mask):
        with torch.inference_mode():
            return model(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()

    rows = embed(tokenizer, texts, by_torch)
    report = {
        "versions": f"PyTorch {torch.__version__}, ONNX Runtime {onnxruntime.__version__}",
        "torch_seconds": best_seconds(lambda: embed(tokenizer, texts, by_torch), seconds),
        "rows": rows.tolist(),
    }
    with tempfile.TemporaryDirectory() as temporary:
        # The exporter talks; standard output is the report's.
        with contextlib.redirect_stdout(sys.stderr):
            made = list(sessions(model, n_threads, Path(temporary)))
        for name, session in zip(("onnx", "onnx_fused"), made):

            def by_onnx(ids, mask):
                return session.run(None, {"ids": ids, "mask": mask})[0]

            found = embed(tokenizer, texts, by_onnx)
            report[f"{name}_cosine"] = float((found * rows).sum(1).min())
            report[f"{name}_seconds"] = best_seconds(
                lambda: embed(tokenizer, texts, by_onnx), seconds
            )
    print(json.dumps(report))


if __name__ == "__main__":
    main()
