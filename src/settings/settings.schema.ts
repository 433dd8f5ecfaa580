/** The operator's settings file. Every key has a description here, and everything else that describes it is made from these. */
import { z } from 'astro/zod';
import { imageTools } from './image-tools.ts';
import { repositoryPatterns, tagPatterns } from './pattern.schema.ts';
import { lineOfText, linesOfText, link, linkTemplate } from './text.schema.ts';

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address', abort: true })
  .refine((url) => {
    const { username, password, search, hash } = new URL(url);
    return !username && !password && !search && !hash;
  }, 'expected an address without user, password, query or fragment: credentials never stand in the settings');
const host = z
  .string()
  .regex(
    /^[A-Za-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$/,
    'expected a host name, with a port where it needs one',
  )
  .refine((text) => URL.canParse(`http://${text}`), {
    error: ({ input }) =>
      URL.canParse(`http://${String(input).replace(/:\d+$/, '')}`)
        ? 'expected a host name, with a port of at most 65535 where it needs one'
        : 'expected the name or the address of a host, and this is neither',
  });
const seconds = z.number().positive().max(86_400);
const filePath = z.string().min(1);

const credentials = z
  .strictObject({
    usernameFile: filePath.optional().describe('A file that holds the user name.'),
    passwordFile: filePath.optional().describe("A file that holds the password, such as one of systemd's credentials."),
    tokenFile: filePath.optional().describe('A file that holds a bearer token.'),
    usernameVariable: z.string().optional().describe('The environment variable that holds the user name.'),
    passwordVariable: z.string().optional().describe('The environment variable that holds the password.'),
    tokenVariable: z.string().optional().describe('The environment variable that holds a bearer token.'),
  })
  .describe("Where this source's credentials are. Without it, Docker's own files are read.");

const source = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and hyphens')
    .default('main')
    .describe('What the report and the pages call this source.'),
  url: httpUrl.describe('The address that is crawled, without `/v2/`.'),
  routes: repositoryPatterns
    .optional()
    .describe('The names that this backend serves. What else it lists is a shadow: reported, not shown.'),
  repositories: z
    .union([z.array(z.string()), filePath])
    .optional()
    .describe('A list of names, or a file with one name a line, instead of `_catalog`.'),
  credentials: credentials.optional(),
  concurrency: z.int().min(1).max(64).default(8).describe('The most requests under way at once.'),
  requestsPerSecond: z
    .number()
    .positive()
    .optional()
    .describe('The most requests begun in a second. Unlimited by default.'),
  pageSize: z
    .int()
    .min(1)
    .max(10_000)
    .default(1000)
    .describe('How many names a page of `_catalog` is asked for; a registry that refuses is asked without.'),
  timeoutSeconds: seconds.default(30).describe('How long one answer may take, from the request to its last byte.'),
  listingTimeoutSeconds: seconds
    .default(600)
    .describe('How long the whole of `_catalog` may take, page by page: a large one is slow.'),
  retries: z.int().min(0).max(10).default(4).describe('How often a failed request is tried again.'),
  followRedirects: z
    .boolean()
    .default(true)
    .describe('Whether blobs may be fetched from another host. Without it their dates are unknown.'),
  redirectHosts: z
    .array(host)
    .optional()
    .describe('The only hosts that a redirect may lead to. Any public host by default.'),
  tokenHosts: z
    .array(host)
    .optional()
    .describe("Hosts of token services outside the registry's own domain that may be sent the credentials."),
});

const footerLink = z.strictObject({
  text: linesOfText(100).describe('What the link says.'),
  url: link.describe('Where it leads.'),
});

const linkOfImages = z.strictObject({
  text: linesOfText(100).describe('What the link says.'),
  url: linkTemplate.describe(
    'Where it leads. `{name}`, `{tag}`, `{digest}` and `{host}` stand for the image, its recommended tag and digest, and the public host.',
  ),
  repositories: repositoryPatterns.default(['**']).describe('The images that have it.'),
});

const days = z.int().positive().max(36_500);

const cleanupRule = z
  .strictObject({
    repositories: repositoryPatterns
      .default(['**'])
      .describe('The repositories that the rule speaks of; the first rule that does decides.'),
    olderThanDays: days.optional().describe('Built longer ago than this; where nobody recorded that, first seen.'),
    beyondNewest: z
      .int()
      .nonnegative()
      .optional()
      .describe(
        'Not among so many newest digests of the repository: by name, or by date where names (commits, channels) have no order.',
      ),
    untouchedForDays: days.optional().describe('For so long no tag has come to point at it.'),
    protect: tagPatterns.default([]).describe('Tags that never go, besides the moving and the recommended ones.'),
  })
  .refine(
    ({ olderThanDays, beyondNewest, untouchedForDays }) =>
      olderThanDays !== undefined || beyondNewest !== undefined || untouchedForDays !== undefined,
    'expected at least one of olderThanDays, beyondNewest and untouchedForDays',
  );

/** The shape of the settings file. Decode with `decodeSettings`, whose errors speak to people. */
export const settingsSchema = z.strictObject({
  title: lineOfText(200).optional().describe('The name of the site. The public host by default.'),
  intro: linesOfText(2000)
    .optional()
    .describe('A few sentences below the title of the homepage: plain text, in which addresses become links.'),
  logo: filePath
    .optional()
    .describe('An image file beside the title: SVG without scripts, PNG, WebP, AVIF, JPEG or GIF, of at most 200 kB.'),
  accentColour: z
    .string()
    .regex(
      /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i,
      'expected a colour such as #0a5fa8: names and transparent ones are no use',
    )
    .optional()
    .describe(
      'The colour of links, such as `#0a5fa8`. It is made darker or lighter as far as each scheme needs to be readable.',
    ),
  footerLinks: z.array(footerLink).max(20).default([]).describe('Links at the foot of every page.'),
  linkTemplates: z
    .array(linkOfImages)
    .max(20)
    .default([])
    .describe('Links on the pages of images: to a package audit, a dashboard, a source repository.'),
  tools: z
    .array(z.enum(imageTools))
    .min(1)
    .refine((tools) => new Set(tools).size === tools.length, 'expected each tool once')
    .default([...imageTools])
    .describe(
      'The tools whose pull commands are offered, the usual one first, such as `[podman, docker]`. Those left out are not offered.',
    ),
  overlay: filePath
    .optional()
    .describe('A YAML file that says more of images than they do themselves: descriptions, owners, deprecations.'),
  publicHost: host.optional().describe("What pull commands say. The first source's host by default."),
  alternateHosts: z.array(host).default([]).describe('Other names of the same registry.'),
  sources: z
    .array(source)
    .min(1)
    .describe(
      'The registry, or the several backends behind its public host; where two list one name, the last wins. What it has no more is taken from the other once its removal is believed.',
    ),
  include: repositoryPatterns.default(['**']).describe('The repositories to show.'),
  exclude: repositoryPatterns.default([]).describe('The repositories that appear nowhere. Wins over `include`.'),
  includeTags: tagPatterns.default(['**']).describe('The tags to show.'),
  excludeTags: tagPatterns.default([]).describe('The tags that appear nowhere. Wins over `includeTags`.'),
  movingTags: z
    .array(z.string())
    .default(['latest'])
    .describe(
      'Tags that move. Recommended is the tag with the same digest as the first of them that exists; of several the one with most numbers, `24.18.0` before `24`.',
    ),
  publishEnvironment: z
    .boolean()
    .default(false)
    .describe('Whether environment values and build history of images read with credentials are published.'),
  cleanup: z
    .array(cleanupRule)
    .default([{ repositories: ['**'], olderThanDays: 180, beyondNewest: 10, protect: [] }])
    .describe(
      'By which rules the page `/-/cleanup/` proposes what could go. All that a rule asks for must hold. Nothing is ever deleted; an empty list leaves the page out.',
    ),
  siteDir: filePath.default('site').describe('Where releases are published; the web server serves its `current`.'),
  stateDir: filePath
    .optional()
    .describe(
      'Where the snapshot, the caches and the report are kept. Beside the site by default: `site-state` for `site`.',
    ),
  siteUrl: httpUrl
    .optional()
    .describe('The public address of the site. What needs absolute addresses is written only with it.'),
  base: z
    .string()
    .regex(/^\/([A-Za-z0-9._~-]+\/)*$/, 'expected a path that begins and ends with a slash, such as /images/')
    .refine(
      (path) => !/\/\.{1,2}\//.test(path),
      'browsers take . and .. out of addresses: expected a path such as /images/',
    )
    .refine((path) => !path.startsWith('/v2/'), "what lies beneath /v2/ is the registry's")
    .default('/')
    .describe('The path that the site is served at.'),
  deadlineMinutes: z
    .number()
    .positive()
    .max(1440)
    .default(50)
    .describe('How long a crawl may take; what was gathered by then is published as incomplete.'),
  confirmRuns: z
    .int()
    .min(1)
    .max(100)
    .default(2)
    .describe('How many runs must find something gone before it is removed.'),
  revalidate: z
    .array(
      z.strictObject({
        tags: tagPatterns.describe('The tags that it is about, such as `["**", "!latest"]`.'),
        everyHours: z
          .int()
          .min(2)
          .max(720)
          .describe('Each of them is asked about once in so many hours, spread evenly.'),
      }),
    )
    .default([])
    .describe(
      'Tags whose names say that they never move need not be asked about in every run. The first entry that matches decides; a tag that is new, gone, stale or matched by none is asked about at once.',
    ),
  keepReleases: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe(
      'How many published releases are kept. While a large site is built, or where that fails, one fewer: the oldest is made over into the next.',
    ),
  shareFolders: z
    .boolean()
    .optional()
    .describe(
      'Whether a release shows the folder of an image that did not change by one symbolic link, instead of a hard link for each of its files: quicker where there are very many. Whoever copies such a release has to follow the links (`rsync -aL`, `cp -rL`). Left out, sites do whose images have 5,000 files and more (about 200 images of 20 tags).',
    ),
});

export type RawSettings = z.output<typeof settingsSchema>;
