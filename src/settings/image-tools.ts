/** The tools that pull images, in the order in which pages offer them unless the settings say otherwise. */
export const imageTools = ['docker', 'podman', 'nerdctl', 'crictl', 'skopeo'] as const;

export type ImageTool = (typeof imageTools)[number];
