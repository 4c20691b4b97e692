package orchestrator

import (
	"cmp"
	"context"
	"slices"
)

// ListImages lists the images that have builds, by id.
func (s *Service) ListImages(ctx context.Context, org string) ([]Image, error) {
	return s.images(ctx, org, "")
}

// GetImage returns an image with its builds.
func (s *Service) GetImage(ctx context.Context, org, id string) (*Image, error) {
	found, err := s.images(ctx, org, id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, NotFoundf("image %q does not exist", id)
	}
	return &found[0], nil
}

// images groups builds; id "" = all.
func (s *Service) images(ctx context.Context, org, id string) ([]Image, error) {
	if err := s.requireOrgPerm(ctx, org, PermArtefactsRead); err != nil {
		return nil, err
	}
	builds, err := s.store.ListArtefactVersions(ctx, org, ArtefactVersionFilter{Type: ArtefactContainer, ImageID: id})
	if err != nil {
		return nil, err
	}
	byID := map[string]*Image{}
	for _, build := range slices.Backward(builds) {
		image := byID[build.ImageID]
		if image == nil {
			image = &Image{ID: build.ImageID, AddedAt: build.CreatedAt}
			byID[image.ID] = image
		}
		image.Builds = append(image.Builds, build)
	}
	out := make([]Image, 0, len(byID))
	for _, image := range byID {
		out = append(out, *image)
	}
	slices.SortFunc(out, func(a, b Image) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// AddImageBuild registers a build of an image, which is made when it is new.
func (s *Service) AddImageBuild(ctx context.Context, org, imageID string, build ImageBuild) error {
	if err := s.requireOrgPerm(ctx, org, PermArtefactsWrite); err != nil {
		return err
	}
	if err := checkArtefactName(imageID); err != nil {
		return Invalidf("image id: %q is not valid; use 1 to %d characters without white space", shorten(imageID), maxKey)
	}
	if build.Image == "" {
		return Invalidf("image: the image with its tag is missing, such as registry.example.com/team/api:1.2.7")
	}
	reg := ArtefactRegistration{
		Type: ArtefactContainer, Commit: build.Commit, imageID: imageID, branch: build.Branch, tags: build.Tags,
	}
	reg.Name, reg.Tag, reg.Digest = splitImage(build.Image)
	switch {
	case build.Branch != "":
		reg.Ref = branchPrefix + build.Branch
	case len(build.Tags) > 0:
		reg.Ref = tagPrefix + build.Tags[0]
	}
	_, err := s.RegisterArtefactVersion(ctx, org, reg)
	return err
}
