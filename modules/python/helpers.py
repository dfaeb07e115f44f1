"""helpers.py: what modules of the Python project import from their folder."""


def check_input_attribute(attribute, requirements=("type", "value")):
    """Whether an attribute has all of these fields."""
    return all(field in attribute for field in requirements)


for_modules = {
    "check_input_attribute": check_input_attribute,
    "checking_error": 'containing at least a "type" field and a "value" field',
    "standard_error_message": 'This module requires an "attribute" field as input',
}
