package server

import (
	"strings"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// imageRoutes are the older operations for images; they work on the same
// records as those for artefacts.
func imageRoutes() []Route {
	const list, item = orgPath + "/images", orgPath + "/images/{imageId}"
	return tagged("Images (deprecated)", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listDeprecatedImages", Summary: "List images with their builds (deprecated: use artefacts)"}, listImages),
		answer(Route{Method: "GET", Path: item, OperationID: "getDeprecatedImage", Summary: "Get an image with its builds (deprecated: use artefacts)"}, getImage),
		answer(Route{Method: "GET", Path: item + "/builds", OperationID: "listDeprecatedImageBuilds",
			Summary: "List the builds of an image (deprecated: use artefact versions)"}, listImageBuilds),
		accept(Route{Method: "POST", Path: item + "/builds", OperationID: "createDeprecatedImageBuild",
			Summary: "Register a build of an image (deprecated: use artefact versions)"}, createImageBuild),
	})
}

func listImages(c *Call) ([]api.Image, error) {
	return asList(wireImage)(c.Service.ListImages(c.Context(), c.Org()))
}

func getImage(c *Call) (api.Image, error) {
	return as(wireImage)(c.Service.GetImage(c.Context(), c.Org(), c.Param("imageId")))
}

func listImageBuilds(c *Call) ([]api.ImageBuild, error) {
	image, err := getImage(c)
	return image.Builds, err
}

func createImageBuild(c *Call, in api.ImageBuildRequest) (Empty, error) {
	return Empty{}, c.Service.AddImageBuild(c.Context(), c.Org(), c.Param("imageId"), orchestrator.ImageBuild{
		Image: in.Image, Commit: in.Commit, Branch: in.Branch, Tags: in.Tags,
	})
}

func wireImage(i orchestrator.Image) api.Image {
	return api.Image{ID: i.ID, Source: "ci", AddedAt: api.NewTime(i.AddedAt), Builds: convert(i.Builds, wireImageBuild)}
}

func wireImageBuild(v orchestrator.ArtefactVersion) api.ImageBuild {
	out := api.ImageBuild{Image: v.Image(), Commit: v.Commit, Branch: v.Branch, Tags: orEmptyList(v.Tags), AddedAt: api.NewTime(v.CreatedAt)}
	if out.Image == "" {
		out.Image = v.Name
	}
	if branch, of := strings.CutPrefix(v.Ref, "refs/heads/"); of && out.Branch == "" {
		out.Branch = branch
	}
	if tag, of := strings.CutPrefix(v.Ref, "refs/tags/"); of && len(out.Tags) == 0 {
		out.Tags = []string{tag}
	}
	return out
}
