# OpenAI's Python client, as it is, against a gateway: what it did, one line of JSON each. ARGV: the gateway's URL, a folder with pictures.
import base64
import json
import sys

import openai
from openai import OpenAI

url, folder = sys.argv[1:]
client = OpenAI(base_url=url + "/v1", api_key="test-key")


def tell(**facts):
    print(json.dumps(facts), flush=True)


def bytes_of(answer):
    return base64.b64decode(answer.data[0].b64_json)


tell(did="version", version=openai.__version__)
for model in ["openai/gpt-image-2.5-flare", "cogview", "google", "bailian", "seedream"]:
    made = client.images.generate(model=model, prompt="a paper boat")
    tell(did="generate", model=model, bytes=len(bytes_of(made)))

model = "openai/gpt-image-2.5-flare"
files = [open(f"{folder}/{index}.png", "rb") for index in range(16)]
tell(did="edit", images=1, bytes=len(bytes_of(client.images.edit(model=model, prompt="it", image=files[0]))))
for file in files:
    file.seek(0)
tell(did="edit", images=16, bytes=len(bytes_of(client.images.edit(model=model, prompt="all", image=files))))
files[0].seek(0)
with open(f"{folder}/mask.png", "rb") as mask:
    tell(did="mask", bytes=len(bytes_of(client.images.edit(model=model, prompt="it", image=files[0], mask=mask))))

events = client.images.generate(model=model, prompt="a boat", stream=True, partial_images=1)
tell(did="stream", events=[event.type for event in events])
events = client.images.generate(model="cogview", prompt="a boat", stream=True)
tell(did="stream", events=[event.type for event in events])
tell(did="list", models=[model.id for model in client.models.list()])

try:
    client.images.generate(model="openai/nope", prompt="a boat")
except openai.NotFoundError as error:
    tell(did="refuse", code=error.code, param=error.param)
try:
    client.images.generate(model=model, prompt="a failing boat")
except openai.APIStatusError as error:
    tell(did="fail", status=error.status_code)
