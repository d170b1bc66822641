// What --help says.

export const help = `npm create @anyimage/provider [folder] -- [flags]

Writes a provider for anyimage: an npm package of your own, outside of any monorepo, that works before you change a line.
It has a table of what the models can do, the service's JSON, an imitation of the service for tests, and the suite that every
provider passes. Then it installs the package and runs its tests.

At a terminal it asks for what you leave out. The folder's name is the provider's: in paint-box, it is -m paint-box.

Flags:
  --label NAME       the service, for people          (default from the folder: Paint Box)
  --base-url URL     where its API is                 (default https://api.paint-box.example/v1, to be changed)
  --key-env NAME     the environment variable of the key, not the key   (default PAINT_BOX_API_KEY)
  --package NAME     the npm package                  (default anyimage-provider-paint-box)
  --sync             the service answers with the picture in one call    (default)
  --job              the service takes a job, which is asked after until it is done
  -y, --yes          ask nothing: what is left out has its default
  --no-install       only write the files
  -h, --help         this

Examples:
  npm create @anyimage/provider
  npm create @anyimage/provider paint-box -- --label "Paint Box" --base-url https://api.paintbox.com/v1 --job
  npm create @anyimage/provider paint-box -- --yes

sync or job? If the documentation has one request whose answer holds the picture or its URL, it is sync. If the answer holds
an id, and a second request asks whether the picture is there, it is job. Both can stand in one provider later.

Nothing is overwritten: the folder must be empty or not be there. Ctrl-C takes away what was written.
The whole way to a published provider: https://github.com/anyimage/anyimage/blob/main/docs/plugins.md
`;
